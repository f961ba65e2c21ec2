from odoo import Command
from odoo.tests import tagged

from .common import WmsCase


@tagged("post_install", "-at_install")
class TestPushRules(WmsCase):
    """A shortcut past core's search for push rules must find whatever core finds."""

    def test_rules_of_parents_are_found(self):
        stock = self.warehouse.lot_stock_id
        shelf, beyond = self.env["stock.location"].create(
            [
                {"name": "Shelf", "location_id": stock.id},
                {"name": "Beyond", "location_id": self.warehouse.view_location_id.id},
            ]
        )
        rules = self.env["stock.rule"]
        product = self.env["product.product"].create({"name": "Mug", "is_storable": True})
        self.assertFalse(rules._get_push_rule(product, shelf, {}))
        route = self.env["stock.route"].create(
            {
                "name": "Onwards",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Onwards",
                            "action": "push",
                            "location_src_id": stock.id,
                            "location_dest_id": beyond.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                        }
                    )
                ],
            }
        )
        self.assertFalse(rules._get_push_rule(product, shelf, {}))
        product.route_ids = route
        self.assertEqual(rules._get_push_rule(product, shelf, {}), route.rule_ids)
        route.rule_ids.active = False
        self.assertFalse(rules._get_push_rule(product, shelf, {}))

    def test_no_rule_is_one_question(self):
        rules = self.env["stock.rule"]
        place = self.env.ref("stock.stock_location_customers")
        self.assertTrue(place.parent_path)
        with self.assertQueryCount(1):
            rules._get_push_rule(self.env["product.product"], place, {})
