"""Every core method that we extend, replace or rely on is as it was when we read it.

``core_hooks.json`` names each of them with the core classes that have it, their signature and a
hash of their source.  A newer Odoo that changes one is named here before anything breaks: read
what changed, adapt, then accept it with ``./wms hooks --accept``.
"""

import ast
import hashlib
import inspect
import json
import os
import textwrap
from pathlib import Path

from odoo.tests import TransactionCase, tagged

DATA = Path(__file__).with_name("core_hooks.json")
ADDON = Path(__file__).resolve().parents[2] / "addons" / "inventory_wms"
OURS = ("odoo.addons.inventory_wms.", "odoo.addons.wms_barcode.", "odoo.addons.channel_connectors.")
# the models whose private methods the books call: core may rename those as well
CALLED_ON = (
    "stock.move",
    "stock.move.line",
    "product.product",
    "product.template",
    "product.category",
    "purchase.order.line",
    "account.move",
    "account.move.line",
    "account.tax",
    "res.company",
    "res.currency",
    "stock.quant",
    "uom.uom",
)


def core_functions(model, name):
    """(class, function) of core's add-ons that define a method of a model, in their order."""
    return [
        (cls, cls.__dict__[name])
        for cls in type(model).__mro__
        if cls.__module__.startswith("odoo.addons.")
        and not cls.__module__.startswith(OURS)
        and callable(cls.__dict__.get(name))
    ]


def described(function):
    """Signature and hash of a function; comments and blank lines do not count."""
    plain = inspect.unwrap(function)
    source = textwrap.dedent(inspect.getsource(plain))
    return {
        "signature": str(inspect.signature(plain)),
        "source": hashlib.sha256(ast.unparse(ast.parse(source)).encode()).hexdigest()[:16],
    }


def private_calls():
    """Names of private methods that the add-on's code calls."""
    names = set()
    for path in [*ADDON.glob("services/*.py"), *ADDON.glob("models/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                names.add(node.func.attr)
    return {name for name in names if name.startswith("_") and not name.startswith("_wms")}


@tagged("post_install", "-at_install")
class TestCoreHooks(TransactionCase):
    def overridden(self):
        """(model, method) of core's models that our classes define; our own models are no hooks."""
        return {
            (model, name)
            for model in self.env.registry
            if not model.startswith("wms.")
            for cls in type(self.env[model]).__mro__
            if cls.__module__.startswith(OURS[0])
            for name, what in vars(cls).items()
            if callable(what)
        }

    def hooks(self):
        """model.method -> core's classes that have it, of methods we override or call."""
        wanted = {(model, name) for model in CALLED_ON for name in private_calls()}
        wanted |= self.overridden()
        found = {}
        for model, name in sorted(wanted):
            functions = core_functions(self.env[model], name)
            if functions:
                found[f"{model}.{name}"] = {
                    f"{cls.__module__}.{cls.__name__}": described(function)
                    for cls, function in functions
                }
        return found

    def test_core_is_as_we_know_it(self):
        found = self.hooks()
        if os.environ.get("WMS_ACCEPT_HOOKS"):
            DATA.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        known = json.loads(DATA.read_text(encoding="utf-8"))
        changes = differences(known, found)
        self.assertFalse(changes, "read what changed, then ./wms hooks --accept:\n" + changes)

    def test_hooks_of_the_books_are_listed(self):
        known = json.loads(DATA.read_text(encoding="utf-8"))
        for hook in (
            "stock.move._action_done",
            "stock.move._set_value",
            "product.product._compute_value",
            "product.product._run_fifo",
            "product.template._search_valuation",
            "account.move._post",
            "account.move.button_draft",
            "account.move.line._compute_account_id",
            "stock.move._get_valued_qty",
        ):
            self.assertIn(hook, known)

    def test_a_change_is_named(self):
        known = json.loads(DATA.read_text(encoding="utf-8"))
        hook = "account.move._post"
        changed = {cls: dict(facts, source="0") for cls, facts in known[hook].items()}
        self.assertIn("account.move._post", differences(known, known | {hook: changed}))
        gone = {name: facts for name, facts in known.items() if name != hook}
        self.assertIn("gone", differences(known, gone))


def differences(known, found):
    """What changed, one line each."""
    lines = []
    for hook in sorted(known.keys() | found.keys()):
        before, now = known.get(hook, {}), found.get(hook, {})
        for cls in sorted(before.keys() | now.keys()):
            if cls not in now:
                lines.append(f"{hook}: gone from {cls}")
            elif cls not in before:
                lines.append(f"{hook}: new in {cls}, or newly used by us")
            else:
                lines += [
                    f"{hook}: another {what} in {cls}: {before[cls][what]} -> {now[cls][what]}"
                    for what in ("signature", "source")
                    if before[cls][what] != now[cls][what]
                ]
    return "\n".join(lines)
