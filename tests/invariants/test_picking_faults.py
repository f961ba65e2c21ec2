"""P1 to P4 must be able to fail too."""

from odoo.addons.inventory_wms.tests.picking_case import PickingCase
from odoo.tests import tagged

from tests.invariants import check, explain
from tests.invariants.mixin import InvariantsMixin

PLANTS = {
    "P1": "UPDATE wms_task SET done = done + 1 WHERE id = %(task)s",
    "P2": """
        UPDATE stock_move_line SET wms_scanned = quantity_product_uom + 1
         WHERE wms_task_id = %(task)s
    """,
    "P3": "UPDATE wms_task SET demand = demand + 1 WHERE id = %(task)s",
    "P4": """
        UPDATE stock_picking_batch SET state = 'cancel'
         WHERE id = (SELECT batch_id FROM wms_task WHERE id = %(task)s)
    """,
}


@tagged("post_install", "-at_install")
class TestPickingFaults(InvariantsMixin, PickingCase):
    def test_planted_faults_are_found(self):
        self.stock("A-01", apple=10)
        self.order(apple=4)
        task = self.stop(self.wave(), "A-01")
        self.scan(task, "APPLE", "3")
        self.assertInvariants()
        for code, plant in PLANTS.items():
            savepoint = self.env.cr.savepoint(flush=False)
            with self.subTest(code):
                self.env.cr.execute(plant, {"task": task.id})
                self.assertEqual(check(self.env.cr)[code], 1)
                self.assertTrue([line for line in explain(self.env.cr) if line.startswith(code)])
            savepoint.close(rollback=True)
