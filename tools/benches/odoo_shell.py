"""Calling a function of the tools inside ``odoo shell``, on a database."""

import json

from tools import env

_MARK = "BENCH "


def call(database: str, function: str, **wishes) -> dict:
    """Call ``package.module:function(env, **wishes)`` in ``odoo shell``; its result (JSON)."""
    module, name = function.split(":")
    code = (
        f"import sys, json; sys.path.insert(0, {str(env.TOP)!r})\n"
        f"from importlib import import_module\n"
        f"found = import_module({module!r}).{name}(env, **json.loads({json.dumps(wishes)!r}))\n"
        f"print({_MARK!r} + json.dumps(found))\n"
    )
    printed = env.run_script(database, code)
    line = next(line for line in reversed(printed.splitlines()) if _MARK + "{" in line)
    return json.loads(line[line.index(_MARK) + len(_MARK) :])
