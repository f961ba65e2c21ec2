from odoo import api, fields, models


class WmsLotHold(models.TransientModel):
    """Hold lots everywhere; before that, and later as a recall: where they are and went."""

    _name = "wms.lot.hold"
    _description = "Hold or recall lots"

    lot_ids = fields.Many2many(
        "stock.lot", string="Lots", required=True, default=lambda self: self._default_lot_ids()
    )
    all_held = fields.Boolean(compute="_compute_trace")
    reason_id = fields.Many2one("wms.reason", domain=[("use", "=", "hold")])
    note = fields.Char()
    free = fields.Boolean("Free what is reserved", default=True)
    quant_ids = fields.Many2many("stock.quant", string="On our shelves", compute="_compute_trace")
    open_line_ids = fields.Many2many(
        "stock.move.line", string="Open documents", compute="_compute_trace"
    )
    delivered_line_ids = fields.Many2many(
        "stock.move.line", string="Delivered", compute="_compute_trace"
    )
    received_line_ids = fields.Many2many(
        "stock.move.line", string="Received", compute="_compute_trace"
    )
    customer_ids = fields.Many2many("res.partner", string="Customers", compute="_compute_trace")
    supplier_ids = fields.Many2many("res.partner", string="Suppliers", compute="_compute_trace")

    def _default_lot_ids(self):
        return self.env.context.get("active_ids", [])

    @api.depends("lot_ids")
    def _compute_trace(self):
        recall = self.env["wms.recall"]
        for wizard in self:
            lots = wizard.lot_ids._origin
            wizard.all_held = bool(lots) and all(lots.mapped("wms_hold"))
            wizard.quant_ids = recall._stock(lots)
            wizard.open_line_ids = recall._open_lines(lots)
            wizard.delivered_line_ids = recall._delivered(lots)
            wizard.received_line_ids = recall._received(lots)
            wizard.customer_ids = wizard.delivered_line_ids.picking_id.partner_id
            wizard.supplier_ids = wizard.received_line_ids.picking_id.partner_id

    def action_hold(self):
        """Hold the lots everywhere.

        :return: the recall, with what still carries them
        """
        self.ensure_one()
        args = {"lot_ids": self.lot_ids.ids, "reason": self.reason_id.code or "", "free": self.free}
        if self.note:
            args["note"] = self.note
        self.env["wms.door"]._execute_local("lot.hold", args)
        return self._again()

    def action_release(self):
        """Let the lots be promised again."""
        self.ensure_one()
        self.lot_ids.action_wms_release()

    def action_scrap(self):
        """Scrap what is on our shelves of them.

        :return: the recall, with what is left
        """
        self.ensure_one()
        self.lot_ids.action_wms_scrap()
        return self._again()

    def _again(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("inventory_wms.wms_lot_hold_action")
        return {**action, "context": {"active_ids": self.lot_ids.ids, "active_model": "stock.lot"}}

    def action_export(self):
        """Open everything that happened to the lots as a list, where Odoo exports it.

        :return: the action of the list
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.stock_move_line_action")
        return {**action, "domain": [("lot_id", "in", self.lot_ids.ids)], "context": {}}
