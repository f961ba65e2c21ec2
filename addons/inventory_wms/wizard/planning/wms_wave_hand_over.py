from odoo import fields, models


class WmsWaveHandOver(models.TransientModel):
    """Give waves back at the end of a shift, with a word for the next."""

    _name = "wms.wave.hand.over"
    _description = "Hand waves over"

    batch_ids = fields.Many2many(
        "stock.picking.batch", string="Waves", default=lambda self: self._default_batch_ids()
    )
    note = fields.Text("Note for the next")

    def _default_batch_ids(self):
        chosen = self.env["stock.picking.batch"].browse(self.env.context.get("active_ids", []))
        return chosen.filtered(lambda wave: wave.state == "in_progress" and wave.wms_worker_id)

    def action_hand_over(self):
        """Take the waves from their workers and leave the note."""
        self.ensure_one()
        args = {"batch_ids": self.batch_ids.ids}
        if self.note:
            args["note"] = self.note
        self.env["wms.door"]._execute_local("wave.hand_over", args)
