"""What the benches of the engines share: engines without Odoo, the last line, the commit."""

import json
import subprocess
import sys
import types
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def importable() -> None:
    """Make `inventory_wms.engine` importable; the add-on's own `__init__` never runs."""
    if "inventory_wms" not in sys.modules:
        package = types.ModuleType("inventory_wms")
        package.__path__ = [str(TOP / "addons" / "inventory_wms")]
        sys.modules["inventory_wms"] = package


def commit() -> str:
    """The commit that is measured, with a + if files differ from it; empty outside git."""
    try:
        found = subprocess.run(
            ["git", "-C", str(TOP), "describe", "--always", "--dirty=+"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()


def result(name: str, ok: bool, figures: dict, reference: dict, seed: int) -> int:
    """Print the last line, one JSON object; the exit status."""
    print(
        json.dumps(
            {
                "name": name,
                "ok": ok,
                "figures": figures,
                "reference": reference,
                "commit": commit(),
                "seed": seed,
            }
        )
    )
    return 0 if ok else 1
