"""Builders for picking tests: waves, stops and scans in the words of the floor."""

from .common import WmsCase


class PickingCase(WmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Orders of other modules' demo data would join the waves.
        cls.env["stock.picking"].search(
            [
                ("picking_type_id", "=", cls.warehouse.out_type_id.id),
                ("state", "in", ("draft", "confirmed", "assigned", "waiting")),
            ]
        ).action_cancel()

    def order(self, **quantities):
        """A confirmed, not yet reserved delivery: ``order(apple=3)``."""
        return self.transfer(**quantities)

    def release(self, **args):
        """The lead releases waves; the answer of the command."""
        return self.execute(self.envelope("wave.release", **args), self.lead)

    def wave(self, **args):
        """Release and return the single wave."""
        answer = self.release(**args)
        self.assertEqual(answer["status"], "applied", answer["message"])
        (wave,) = answer["result"]["waves"]
        return self.env["stock.picking.batch"].browse(wave["batch_id"])

    def stop(self, wave, bin_code):
        """The open stop of a wave in a bin."""
        return wave.wms_task_ids.filtered(
            lambda task: task.location_id.name == bin_code and task._is_open
        )

    def scan(self, task, barcode, quantity="1", **args):
        """Scan an item at a stop as the worker."""
        return self.send(
            "pick.scan_item", task_id=task.id, barcode=barcode, quantity=quantity, **args
        )

    def assertApplied(self, answer):
        self.assertEqual((answer["status"], answer["message"]), ("applied", answer["message"]))
        return answer["result"]

    def assertRefused(self, answer, code):
        """A named refusal that tells what to do next."""
        self.assertEqual((answer["status"], answer["code"]), ("rejected", code), answer["message"])
        self.assertTrue(answer["parts"]["next"])

    def snapshot(self, wave):
        """Everything a refusal must leave alone."""
        self.env.flush_all()
        lines = wave.picking_ids.move_line_ids.sorted("id")
        quants = self.env["stock.quant"].search(
            [("location_id", "child_of", self.stock_location.id)]
        )
        return (
            [(line.id, line.quantity, line.picked, line.wms_scanned) for line in lines],
            [(task.id, task.done, task.state, task.rev) for task in wave.wms_task_ids],
            [(quant.id, quant.quantity, quant.reserved_quantity) for quant in quants],
        )
