"""Load the demo's data into a database that has the add-ons: run by the launcher's Python.

    python tools/demo/load.py DATABASE ADDONS_PATH [FOLDER]

Commits once, at the end: an interrupted run leaves the database as it was.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))


def main(argv: list[str]) -> int:
    """Open the database, load, commit; print one line per step."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    database, addons_path = argv[:2]
    folder = Path(argv[2]) if len(argv) > 2 else Path(__file__).resolve().parent / "data"
    config.parse_config(["-d", database, f"--addons-path={addons_path}", "--log-level=warn"])
    from loader import load

    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        counts = load(env, folder, report=_print_step)
        cr.commit()
    print(", ".join(f"{count} {name}" for name, count in counts.items()), flush=True)
    return 0


def _print_step(step: str, seconds: float) -> None:
    print(f"  {step:<10} {seconds:6.1f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
