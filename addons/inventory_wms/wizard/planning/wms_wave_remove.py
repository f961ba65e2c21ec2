from odoo import api, fields, models


class WmsWaveRemove(models.TransientModel):
    """Take an order out of its wave, and what becomes of the goods on the cart."""

    _name = "wms.wave.remove"
    _description = "Take an order out of its wave"

    picking_id = fields.Many2one(
        "stock.picking", "Order", required=True, default=lambda self: self._default_picking_id()
    )
    batch_id = fields.Many2one(related="picking_id.batch_id", string="Wave")
    cart_slot = fields.Char(related="picking_id.wms_cart_slot")
    goods = fields.Text("On the cart", compute="_compute_goods")
    picked = fields.Selection(
        [("put_back", "Put back into their bins"), ("ship", "Ship them, the rest waits")],
        "Goods on the cart",
        default="put_back",
    )

    def _default_picking_id(self):
        return self.env.context.get("active_id")

    @api.depends("picking_id")
    def _compute_goods(self):
        for wizard in self:
            found = self.env["wms.waves"]._on_cart(wizard.picking_id)
            wizard.goods = "\n".join(
                f"{entry['quantity']} × {entry['product']} ({entry['bin']})" for entry in found
            )

    def action_remove(self):
        """Take it out."""
        self.ensure_one()
        args = {"batch_id": self.batch_id.id, "picking_id": self.picking_id.id}
        if self.goods:
            args["picked"] = self.picked
        self.env["wms.door"]._execute_local("wave.remove_order", args)
