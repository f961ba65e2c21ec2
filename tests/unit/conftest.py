"""Make `inventory_wms.engine`, `wms_barcode.engine` and so on importable without Odoo.

Each add-on becomes a bare package object whose path is its folder; its own `__init__`, which
imports models, never runs. Under pytest-odoo the real add-ons live below `odoo.addons` and are
not touched.
"""

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

for _name in ("inventory_wms", "wms_barcode", "channel_connectors"):
    if _name not in sys.modules:
        _package = types.ModuleType(_name)
        _package.__path__ = [str(ROOT / "addons" / _name)]
        sys.modules[_name] = _package
if str(ROOT) not in sys.path:  # `tools` and `tests` as packages of the project
    sys.path.insert(0, str(ROOT))
