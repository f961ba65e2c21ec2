"""Every core method that we extend, replace or rely on is as it was when we read it.

``core_hooks.json`` names each of them with the core classes that have it, their signature and a
hash of their source.  A newer Odoo that changes one is named here before anything breaks: read
what changed, adapt, then accept it with ``./wms hooks --accept``.  What manufacturing, the point
of sale and dropshipping add to it stands in ``core_hooks_modules.json`` and is compared by
``tests/modules/test_core_hooks_modules.py``.
"""

import json
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from tests.contracts import hooks

DATA = Path(__file__).with_name("core_hooks.json")


@tagged("post_install", "-at_install")
class TestCoreHooks(TransactionCase):
    def test_core_is_as_we_know_it(self):
        changes = hooks.compare(DATA, hooks.hooks(self.env.registry))
        self.assertFalse(changes, "read what changed, then ./wms hooks --accept:\n" + changes)

    def test_every_private_method_of_core_that_we_call_is_named(self):
        known = json.loads(DATA.read_text(encoding="utf-8"))
        self.assertFalse(hooks.unnamed(self.env.registry, known), "add the model to hooks.REACHED")

    def test_hooks_of_the_books_are_listed(self):
        known = json.loads(DATA.read_text(encoding="utf-8"))
        for hook in (
            "account.move._post",
            "account.move.button_draft",
            "account.move.line._compute_account_id",
            "ir.http._pre_dispatch",
            "product.product._compute_value",
            "product.product._run_fifo",
            "product.template._search_valuation",
            "stock.landed.cost._get_targeted_move_ids",
            "stock.landed.cost.button_validate",
            "stock.landed.cost.compute_landed_cost",
            "stock.location._should_be_valued",
            "stock.move._action_done",
            "stock.move._get_valued_qty",
            "stock.move._set_value",
            "stock.move._should_create_account_move",
            "stock.move.line._update_stock_move_value",
        ):
            self.assertIn(hook, known)

    def test_a_change_is_named(self):
        known = json.loads(DATA.read_text(encoding="utf-8"))
        hook = "account.move._post"
        changed = {cls: dict(facts, source="0") for cls, facts in known[hook].items()}
        self.assertIn(hook, hooks.differences(known, known | {hook: changed}))
        gone = {name: facts for name, facts in known.items() if name != hook}
        self.assertIn("gone", hooks.differences(known, gone))
