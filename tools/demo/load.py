"""Load the demo's data into a database that has the add-ons, with the environment's Python.

    python tools/demo/load.py DATABASE [--orders] [--data FOLDER] [--addons-path PATHS]

Commits once, at the end: an interrupted run leaves the database as it was. With `--orders` the
database is a loaded one, and it gets a past worth an accountant's look and the day's orders.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(argv: list[str] | None = None) -> int:
    """Open the database, load, commit; print one line per step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="files of extract.py")
    parser.add_argument("--addons-path", help="instead of the one in $ODOO_RC")
    parser.add_argument(
        "--orders", action="store_true", help="add the past of the books, the day's orders"
    )
    options = parser.parse_args(argv)
    from odoo import SUPERUSER_ID, api, fields
    from odoo.modules.registry import Registry
    from odoo.tools import config

    words = ["-d", options.database, "--log-level=warn"]
    if options.addons_path:
        words.append(f"--addons-path={options.addons_path}")
    config.parse_config(words)
    sys.path.insert(0, str(HERE.parents[1]))
    from tools.demo.loader import ledger, load, orders

    with Registry(options.database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if options.orders:
            counts = ledger.tell(env, fields.Date.today()) | orders.wait(env, options.data)
        else:
            counts = load(env, options.data, report=_print_step)
        cr.commit()
    print(", ".join(f"{count} {name}" for name, count in counts.items()), flush=True)
    return 0


def _print_step(step: str, seconds: float) -> None:
    print(f"  {step:<10} {seconds:6.1f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
