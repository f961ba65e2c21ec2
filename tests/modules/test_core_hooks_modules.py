"""What add-ons that ours never depend on add to the core methods we hook is as we read it."""

import json
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from tests.contracts import hooks

NEEDS = (
    "mrp_account",
    "mrp_landed_costs",
    "mrp_subcontracting_account",
    "point_of_sale",
    "purchase_mrp",
    "sale_mrp",
    "stock_dropshipping",
)
BASE = Path(hooks.__file__).with_name("core_hooks.json")
DATA = BASE.with_name("core_hooks_modules.json")


@tagged("post_install", "-at_install")
class TestCoreHooksModules(TransactionCase):
    def test_core_is_as_we_know_it(self):
        known = json.loads(BASE.read_text(encoding="utf-8"))
        found = hooks.without(hooks.hooks(self.env.registry), known)
        changes = hooks.compare(DATA, found)
        self.assertFalse(changes, "read what changed, then ./wms hooks --accept:\n" + changes)

    def test_hooks_of_manufacturing_and_the_point_of_sale_are_listed(self):
        known = json.loads(DATA.read_text(encoding="utf-8"))
        for hook in (
            "mrp.production._post_labour",
            "mrp.workorder._cal_cost",
            "pos.session._accumulate_amounts",
            "stock.move._action_done",
            "stock.move._is_dropshipped_returned",
        ):
            self.assertIn(hook, known)

    def test_every_private_method_of_core_that_we_call_is_named(self):
        files = (BASE, DATA)
        known = {hook for path in files for hook in json.loads(path.read_text(encoding="utf-8"))}
        self.assertFalse(hooks.unnamed(self.env.registry, known), "add the model to hooks.REACHED")
