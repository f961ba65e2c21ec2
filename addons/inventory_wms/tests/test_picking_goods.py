from odoo.tests import tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestSpecialGoods(PickingCase):
    """Lots with expiry, serial numbers, other units, chained legs: core's rules hold in waves."""

    def lots(self, name, tracking, *stock):
        """Put lots into bins: ``(lot, bin, quantity, removal date or None)``."""
        product = self.product(name)
        product.tracking = tracking
        for lot_name, code, quantity, removal in stock:
            lot = self.env["stock.lot"].create({"name": lot_name, "product_id": product.id})
            if removal:
                lot.removal_date = removal
            self.env["stock.quant"]._update_available_quantity(
                product, self.bin(code), quantity, lot_id=lot
            )
        return product

    def test_first_expired_first_out_and_nothing_expired(self):
        fefo = self.env["product.removal"].search([("method", "=", "fefo")])
        milk = self.product("milk")
        milk.write({"tracking": "lot", "use_expiration_date": True})
        milk.categ_id = self.env["product.category"].create(
            {"name": "Fresh", "removal_strategy_id": fefo.id}
        )
        self.lots(
            "milk",
            "lot",
            ("LATE", "M-1", 5, "2099-12-31"),
            ("SOON", "M-2", 3, "2099-01-01"),
            ("GONE", "M-3", 9, "2020-01-01"),
        )
        self.order(milk=4)
        wave = self.wave()
        found = {task.lot_id.name: task.demand for task in wave.wms_task_ids}
        self.assertEqual(found, {"SOON": 3, "LATE": 1})
        self.order(milk=5)
        (skipped,) = self.assertApplied(self.release())["skipped"]
        self.assertIn("1 × [MILK] Milk", skipped["reason"])

    def test_serial_numbers_go_out_one_by_one(self):
        self.lots("radio", "serial", ("S1", "R-1", 1, None), ("S2", "R-1", 1, None))
        picking = self.order(radio=2)
        wave = self.wave()
        self.send("task.claim")
        self.assertEqual(len(wave.wms_task_ids), 2)
        for task in wave.wms_task_ids:
            self.assertApplied(self.scan(task, task.lot_id.name))
        self.assertApplied(self.send("ship.confirm", batch_id=wave.id))
        self.assertEqual(set(picking.move_line_ids.lot_id.mapped("name")), {"S1", "S2"})
        self.assertEqual(picking.state, "done")

    def test_dozens_are_picked_in_pieces(self):
        self.stock("A-01-1", egg=30)
        picking = self.order(egg=1)
        picking.move_ids.product_uom = self.env.ref("uom.product_uom_dozen")
        wave = self.wave()
        self.assertEqual(wave.wms_task_ids.demand, 12)
        self.send("task.claim")
        self.assertApplied(self.scan(wave.wms_task_ids, "EGG", "7"))
        self.assertApplied(
            self.send("pick.short", task_id=wave.wms_task_ids.id, quantity="0", reason="fewer")
        )
        self.assertApplied(self.send("ship.confirm", batch_id=wave.id, partial=True))
        moves = picking.move_ids | picking.backorder_ids.move_ids
        self.assertAlmostEqual(sum(moves.mapped("product_qty")), 12, 2)
        self.assertEqual(sum(picking.move_line_ids.mapped("quantity_product_uom")), 7)

    def test_pick_then_ship_releases_the_first_leg(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.warehouse.pick_type_id.reservation_method = "manual"
        self.stock("A-01-1", apple=5)
        product = self.product("apple")
        customer = self.env["res.partner"].create({"name": "Customer"})
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 3})],
            }
        )
        order.action_confirm()
        first = order.picking_ids.filtered(
            lambda picking: picking.picking_type_id == self.warehouse.pick_type_id
        )
        self.assertTrue(first)
        wave = self.wave()
        self.assertEqual(wave.picking_ids, first)
        self.send("task.claim")
        self.assertApplied(self.scan(wave.wms_task_ids, "APPLE", "3"))
        self.assertApplied(self.send("ship.confirm", batch_id=wave.id))
        self.assertEqual(first.state, "done")
        second = order.picking_ids - first
        if second:
            self.assertEqual(second.state, "assigned")
