"""The costing bench's parts that run inside Odoo, and the call that brings them there."""

import json

from tools import env

_MARK = "BENCH "


def inside(database: str, function: str, **wishes) -> dict:
    """Call ``module:function(env, **wishes)`` of this package in ``odoo shell``; its result."""
    module, name = function.split(":")
    code = (
        f"import sys, json; sys.path.insert(0, {str(env.TOP)!r})\n"
        f"from tools.benches.ledger import {module}\n"
        f"found = {module}.{name}(env, **json.loads({json.dumps(wishes)!r}))\n"
        f"print({_MARK!r} + json.dumps(found))\n"
    )
    printed = env.run_script(database, code)
    line = next(line for line in reversed(printed.splitlines()) if _MARK + "{" in line)
    return json.loads(line[line.index(_MARK) + len(_MARK) :])
