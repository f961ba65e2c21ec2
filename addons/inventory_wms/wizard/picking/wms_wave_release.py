from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...messages import parts


class WmsWaveRelease(models.TransientModel):
    """What would be released now, and what waits and why, before the lead says yes."""

    _name = "wms.wave.release"
    _description = "Release waves"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self._default_warehouse_id(),
    )
    cart_id = fields.Many2one(
        "wms.cart", check_company=True, help="Empty: the warehouse's first cart, or 3 x 4 slots."
    )
    max_orders = fields.Integer("Orders at most", default=100, required=True)
    line_ids = fields.One2many(
        "wms.wave.release.line",
        "wizard_id",
        "Orders",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    ready_count = fields.Integer("Ready", compute="_compute_counts")
    skipped_count = fields.Integer("Left out", compute="_compute_counts")
    work_minutes = fields.Float("Work (min)", compute="_compute_counts", digits=(16, 0))

    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("warehouse_id", "max_orders")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard._preview() if wizard.warehouse_id else []
            wizard.line_ids = [Command.clear(), *(Command.create(line) for line in lines)]

    @api.depends("line_ids.is_ready")
    def _compute_counts(self):
        for wizard in self:
            ready = wizard.line_ids.filtered("is_ready")
            wizard.ready_count = len(ready)
            wizard.skipped_count = len(wizard.line_ids - ready)
            wizard.work_minutes = sum(ready.picking_id.mapped("wms_work_minutes"))

    def _preview(self):
        """Values of the lines: every candidate; those left out are shown first."""
        reserved, skipped = self.env["wms.release"]._preview(
            self.warehouse_id, max(1, self.max_orders)
        )
        lines = [{"picking_id": picking.id, "is_ready": True} for picking in reserved]
        for picking, (code, params) in skipped.items():
            reason = parts(self.env, code, params)["title"]
            lines.append({"picking_id": picking.id, "is_ready": False, "reason": reason})
        return lines

    def action_release(self):
        """Release what is ready.

        :return: the action that shows the new waves
        """
        self.ensure_one()
        ready = self.line_ids.filtered("is_ready").picking_id
        if not ready:
            raise UserError(
                self.env._("No order can be picked completely now. The list says what is missing.")
            )
        args = {"picking_ids": ready.ids}
        if self.cart_id:
            args["cart_id"] = self.cart_id.id
        result = self.env["wms.door"]._execute_local("wave.release", args)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.stock_picking_batch_action"
        )
        waves = [wave["batch_id"] for wave in result["waves"]]
        return {**action, "domain": [("id", "in", waves)], "context": {}, "target": "main"}


class WmsWaveReleaseLine(models.TransientModel):
    """One order of the preview."""

    _name = "wms.wave.release.line"
    _description = "Order of a wave release"
    _order = "is_ready, id"

    wizard_id = fields.Many2one("wms.wave.release", required=True, ondelete="cascade")
    picking_id = fields.Many2one("stock.picking", "Transfer", required=True, ondelete="cascade")
    origin = fields.Char(related="picking_id.origin", string="Order")
    partner_id = fields.Many2one(related="picking_id.partner_id", string="Customer")
    ship_by = fields.Datetime(related="picking_id.wms_ship_by")
    work_minutes = fields.Float(related="picking_id.wms_work_minutes")
    move_count = fields.Integer("Lines", compute="_compute_move_count")
    is_ready = fields.Boolean("Ready")
    reason = fields.Char("Why left out")

    @api.depends("picking_id")
    def _compute_move_count(self):
        for line in self:
            line.move_count = len(line.picking_id.move_ids)
