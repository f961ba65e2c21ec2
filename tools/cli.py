"""The command line: ``./wms COMMAND``; every command sets up what it needs first."""

import argparse
import errno
import os
import shutil
import sys

from tools import postgres, serving, setup
from tools.console import Fail, disk_full, say
from tools.store import STATE, TOP, VENV, read_facts

_HANDED_ON = {
    "demo": "open the demo warehouse; `demo --play` works a day through it and checks everything",
    "bench": "measure: `bench NAME [--input PATH] [--json]`",
    "attack": "try to break it: `attack ID|all [--quick] [--seed N] [--workers W] [--rounds N]`",
}


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="./wms",
        description="Sets up and runs the warehouse suite. All it makes is below .odoo/ "
        "(or $ODOO_ENV_DIR); nothing is installed in the system.",
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--dsn", help="use this PostgreSQL server: 'host=... user=... password=...'"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in _HANDED_ON.items():
        commands.add_parser(
            name, help=text, description=text, parents=[common], add_help=False, allow_abbrev=False
        )
    _add_serve(commands, common)
    _add_test(commands, common)
    sub = commands.add_parser(
        "lint", help="check style of Python, XML, JavaScript", parents=[common]
    )
    sub.add_argument("--fix", action="store_true", help="repair what the tools can repair")
    for name, text in (
        ("shell", "Odoo's Python shell on a database"),
        ("psql", "psql on a database"),
    ):
        more = f"{text}; other arguments go to the program"
        sub = commands.add_parser(
            name, help=text, description=more, parents=[common], allow_abbrev=False
        )
        sub.add_argument("--db", help="the database (default: wms_demo if it exists, else wms)")
    text = "name the core methods that changed since we read them"
    sub = commands.add_parser("hooks", help=text, description=text, parents=[common])
    sub.add_argument("--accept", action="store_true", help="after reading them: they are known now")
    commands.add_parser("doctor", help="tell what was found and what is missing", parents=[common])
    commands.add_parser("stop", help="stop the servers and the PostgreSQL of this folder")
    sub = commands.add_parser("reset", help="remove the databases; downloads stay")
    sub.add_argument("--all", action="store_true", help="remove the whole environment")
    return top


def _add_serve(commands, common) -> None:
    text = "serve the suite for the browser"
    sub = commands.add_parser("serve", help=text, description=text, parents=[common])
    sub.add_argument("--db", default="wms", help="database, made if it is not there (default: wms)")
    sub.add_argument("--port", type=int, default=8069)
    sub.add_argument(
        "--interface", default="127.0.0.1", help="0.0.0.0 serves phones in your network"
    )
    sub.add_argument("--workers", type=int, default=0, help="HTTP workers; 0 = threads (default)")


def _add_test(commands, common) -> None:
    text = "run the tests; all of them without a target"
    sub = commands.add_parser("test", help=text, description=text, parents=[common])
    sub.add_argument(
        "targets", nargs="*", metavar="path|addon", help="a file, folder, node id or add-on"
    )
    sub.add_argument("-k", metavar="EXPR", help="only tests whose name matches (pytest's -k)")
    sub.add_argument("--full", action="store_true", help="property tests with their full budget")
    sub.add_argument(
        "--fresh", action="store_true", help="install the add-ons anew, whatever changed"
    )
    sub.add_argument("--uninstall", action="store_true", help="the install/uninstall check alone")
    sub.add_argument(
        "--odoo",
        action="store_true",
        help="Odoo's own suites with our add-ons installed; targets name suites",
    )
    sub.add_argument(
        "--oca", action="store_true", help="our balances in OCA's reports (fetched for this test)"
    )


def parse(argv: list[str]) -> argparse.Namespace:
    """The parsed command line; ``rest`` holds what a command hands on to another program."""
    arguments, rest = parser().parse_known_args(argv)
    if rest and arguments.command not in (*_HANDED_ON, "shell", "psql"):
        parser().error(f"unknown arguments of {arguments.command}: {' '.join(rest)}")
    arguments.rest = rest
    return arguments


def main(argv: list[str]) -> int:
    """Run one command; returns the exit status."""
    arguments = parse(argv)
    try:
        return _dispatch(arguments, argv)
    except Fail as error:
        print(f"\n{error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\ninterrupted; the same command continues where it stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as head, has seen enough
        sys.stdout = None
        return 0
    except PermissionError as error:
        owner = "another user (was it set up as root?)"
        print(
            f"\nwms: {error}\n  - {STATE} may belong to {owner}; use ODOO_ENV_DIR=/folder",
            file=sys.stderr,
        )
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"\n{disk_full(str(error))}", file=sys.stderr)
    return 1


def _dispatch(arguments, argv: list[str]) -> int:
    if getattr(arguments, "dsn", None):
        os.environ["ODOO_PG_DSN"] = arguments.dsn
    if arguments.command == "doctor":
        from tools import doctor

        return doctor.examine()
    if arguments.command in ("stop", "reset"):
        return _stop() if arguments.command == "stop" else _reset(arguments)
    handler = {
        "serve": _serve, "test": _test, "lint": _lint, "shell": _shell, "psql": _psql,
        "demo": _demo, "bench": _bench, "attack": _attack, "hooks": _hooks,
    }[arguments.command]  # fmt: skip
    if not _needs_no_odoo(arguments):
        _enter_environment(argv)
    return handler(arguments)


def _needs_no_odoo(arguments) -> bool:
    """Whether this is a bench of the engines alone (it says ``NEEDS_ODOO = False``)."""
    if arguments.command != "bench" or not arguments.rest:
        return False
    path = TOP / "tools" / "benches" / f"{arguments.rest[0]}.py"
    return path.is_file() and "\nNEEDS_ODOO = False\n" in path.read_text()


def _enter_environment(argv: list[str]) -> None:
    """Set everything up, then go on under the environment's Python (once)."""
    if os.environ.pop("WMS_READY", None) == str(STATE) and sys.prefix == str(VENV):
        return
    setup.ensure()
    sys.stdout.flush()
    program = str(VENV / "bin/python")
    variables = {**os.environ, "WMS_READY": str(STATE)}
    os.execve(program, [program, "-B", str(TOP / "tools"), *argv], variables)


def _test(arguments) -> int:
    from tools import testing

    if arguments.odoo:
        from tools import odoo_suites

        return odoo_suites.run(arguments.targets)
    if arguments.oca:
        from tools import oca

        return oca.run()
    return testing.run_tests(arguments)


def _hooks(arguments) -> int:
    from tools import testing

    if arguments.accept:
        os.environ["WMS_ACCEPT_HOOKS"] = "1"
    words = [
        "test",
        "tests/contracts/test_core_hooks.py",
        "tests/modules/test_core_hooks_modules.py",
    ]
    return testing.run_tests(parser().parse_args(words))


def _lint(arguments) -> int:
    from tools import linting

    return linting.run_all(arguments.fix)


def _serve(arguments) -> int:
    from tools import databases, odoo_process

    serving.claim_port(arguments.port, arguments.interface)
    if arguments.db.startswith("wms_demo") and databases.exists(arguments.db):
        say(f"database: {arguments.db} as the demo left it")
    else:
        databases.working_copy(arguments.db)
    words = odoo_process.command(
        "-d", arguments.db, f"--db-filter=^{arguments.db}$", "--no-database-list",
        f"--http-interface={arguments.interface}", f"--http-port={arguments.port}",
        f"--gevent-port={serving.free_port()}", f"--workers={arguments.workers}",
    )  # fmt: skip
    serving.remember(os.getpid(), arguments.port)
    print(f"Odoo: http://localhost:{arguments.port}/odoo   (admin / admin)")
    print(f"Scanner: http://localhost:{arguments.port}/wms/scan   (stop with Ctrl-C)", flush=True)
    return _replace(words)


def _replace(words: list[str]) -> int:
    from tools import odoo_process

    sys.stdout.flush()
    os.execvpe(words[0], words, odoo_process.environment())


def _default_database(name: str | None) -> str:
    from tools import databases

    if name:
        if not databases.exists(name):
            templates = ("wms_t_", "wms_s_", "wms_m_", "wms_b_")
            known = [n for n in databases.names() if not n.startswith(templates)]
            raise Fail(
                f"there is no database {name}", f"there are: {', '.join(known) or 'none yet'}"
            )
        return name
    if databases.exists("wms_demo"):
        return "wms_demo"
    databases.working_copy("wms")
    return "wms"


def _shell(arguments) -> int:
    from tools import odoo_process

    name = _default_database(arguments.db)
    return _replace(odoo_process.command("shell", "-d", name, "--no-http", *arguments.rest))


def _psql(arguments) -> int:
    from tools import odoo_process

    name = _default_database(arguments.db)
    program = shutil.which("psql", path=odoo_process.environment()["PATH"])
    if not program:
        raise Fail("psql is not on this machine", "install postgresql-client, or use `./wms shell`")
    return _replace([program, "-d", name, *arguments.rest])


def _demo(arguments) -> int:
    from tools import env

    try:
        from tools.demo import main as demo
    except ImportError as error:
        raise Fail(f"the demo is not part of this copy ({error})") from error
    return demo(arguments.rest, env) or 0


def _bench(arguments) -> int:
    paths = (TOP / "tools/benches").glob("[a-z]*.py")
    known = sorted(path.stem for path in paths if "\ndef main(" in path.read_text())
    if not arguments.rest or arguments.rest[0] not in known:
        raise Fail("name a bench", f"there are: {', '.join(known) or 'none yet'}")
    from importlib import import_module

    return import_module(f"tools.benches.{arguments.rest[0]}").main(arguments.rest[1:]) or 0


def _attack(arguments) -> int:
    try:
        from tools.attacks import main as attack
    except ImportError as error:
        raise Fail(f"the attacks are not part of this copy ({error})") from error
    return attack(arguments.rest) or 0


def _stop() -> int:
    servers = serving.stop_all()
    cluster = postgres.stop()
    if cluster:
        say("postgres: stopped")
    if not servers and not cluster:
        say("nothing was running")
    return 0


def _reset(arguments) -> int:
    """Remove the databases with their files, or everything."""
    serving.stop_all()
    facts = read_facts("pg")
    if facts.get("kind") == "dsn":
        _enter_environment(sys.argv[1:])
        from tools import databases

        for name in databases.names("wms"):
            databases.drop(name)
    elif facts:
        postgres.stop("immediate")
        shutil.rmtree(facts["home"], ignore_errors=not arguments.all)
        (STATE / "pg.json").unlink()
    for folder in ("data", "logs", "run", "reports"):
        shutil.rmtree(STATE / folder, ignore_errors=True)
    if arguments.all:
        shutil.rmtree(STATE, ignore_errors=False)
    say(
        "the environment is removed"
        if arguments.all
        else "the databases are removed; downloads stay"
    )
    return 0
