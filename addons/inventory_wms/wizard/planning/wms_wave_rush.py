from odoo import api, fields, models


class WmsWaveRush(models.TransientModel):
    """Into which running wave an order goes."""

    _name = "wms.wave.rush"
    _description = "Rush order"

    picking_id = fields.Many2one(
        "stock.picking", "Order", required=True, default=lambda self: self._default_picking_id()
    )
    picking_type_id = fields.Many2one(related="picking_id.picking_type_id")
    batch_id = fields.Many2one(
        "stock.picking.batch",
        "Wave",
        required=True,
        compute="_compute_batch_id",
        store=True,
        readonly=False,
        domain="[('state', '=', 'in_progress'), ('wms_task_ids', '!=', False),"
        " ('picking_type_id', '=', picking_type_id)]",
    )
    worker_id = fields.Many2one(related="batch_id.wms_worker_id")
    free_slots = fields.Integer(related="batch_id.wms_free_slots")
    open_count = fields.Integer(related="batch_id.wms_open_count")

    def _default_picking_id(self):
        return self.env.context.get("active_id")

    @api.depends("picking_id")
    def _compute_batch_id(self):
        """The running wave with a free slot that has most of its walk still ahead."""
        for wizard in self:
            waves = self.env["wms.release"]._running(wizard.picking_type_id.warehouse_id)
            waves = waves.filtered(
                lambda wave, wizard=wizard: (
                    wave.picking_type_id == wizard.picking_type_id and wave.wms_free_slots
                )
            )
            wizard.batch_id = waves.sorted("wms_open_count", reverse=True)[:1]

    def action_add(self):
        """Put the order into the wave.

        :return: the action that shows the wave
        """
        self.ensure_one()
        wave = self.batch_id
        self.env["wms.door"]._execute_local(
            "wave.add_order", {"batch_id": wave.id, "picking_id": self.picking_id.id}
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.stock_picking_batch_action"
        )
        return {**action, "domain": [("id", "=", wave.id)], "context": {}, "target": "main"}
