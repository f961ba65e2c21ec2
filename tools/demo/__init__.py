"""The demo: a small real warehouse, and a day of work in it through the public interfaces.

`main` is what `./wms demo` calls: it opens the warehouse for people, or with `--play` works a day
in it by itself and checks the result.
"""

import argparse

DATABASE = "wms_demo"
PLAY_DATABASE = "wms_demo_play"
PORT = 8069


def main(argv: list[str], env) -> int:
    """Run `./wms demo ARGV`; `env` is `tools.env`. Returns the exit status."""
    options = _parser().parse_args(argv)
    from tools.demo import template

    if options.play:
        from tools.demo import play

        env.copy(template.ensure(), PLAY_DATABASE)
        return play.run(env, PLAY_DATABASE, full_day=options.full_day, as_json=options.json)
    from tools.demo import opened

    if not (options.keep and env.exists(DATABASE)):
        env.copy(template.ensure(waiting=True), DATABASE)
    return opened.serve(env, DATABASE, options.port or PORT, local=options.local)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./wms demo", description="A small real warehouse to look at, always from the start."
    )
    parser.add_argument("--play", action="store_true", help="work a day by itself and check it")
    parser.add_argument("--full-day", action="store_true", help="with --play: the whole day")
    parser.add_argument("--json", action="store_true", help="with --play: one JSON line at the end")
    parser.add_argument("--keep", action="store_true", help="go on with the last demo")
    parser.add_argument("--local", action="store_true", help="serve this machine only, no phones")
    parser.add_argument("--port", type=int, help=f"instead of {PORT}")
    return parser
