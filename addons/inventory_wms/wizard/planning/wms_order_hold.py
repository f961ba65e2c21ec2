from odoo import fields, models


class WmsOrderHold(models.TransientModel):
    """Why orders are kept from the floor."""

    _name = "wms.order.hold"
    _description = "Hold orders"

    picking_ids = fields.Many2many(
        "stock.picking", string="Orders", required=True, default=lambda self: self._default_orders()
    )
    reason_id = fields.Many2one("wms.reason", required=True, domain=[("use", "=", "hold")])
    note = fields.Char()

    def _default_orders(self):
        return self.env.context.get("active_ids", [])

    def action_hold(self):
        """Hold them, with the reason."""
        self.ensure_one()
        args = {"picking_ids": self.picking_ids.ids, "reason": self.reason_id.code}
        if self.note:
            args["note"] = self.note
        self.env["wms.door"]._execute_local("order.hold", args)
