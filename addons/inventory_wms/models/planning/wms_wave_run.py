from odoo import fields, models


class WmsWaveRun(models.Model):
    """One run of a template: what was released, and why nothing or not everything."""

    _name = "wms.wave.run"
    _description = "Run of a wave template"
    _order = "id desc"
    _rec_name = "slot"

    template_id = fields.Many2one(
        "wms.wave.template", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    slot = fields.Datetime("Due at", required=True, readonly=True)
    by_hand = fields.Boolean(readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    work_minutes = fields.Float("Work (min)", readonly=True, digits=(16, 0))
    skipped_count = fields.Integer("Left out", readonly=True)
    message = fields.Text("What happened", readonly=True)
    batch_ids = fields.Many2many("stock.picking.batch", string="Waves", readonly=True)

    # The schedule's promise: a slot is released once, whoever runs it.
    _slot_uniq = models.UniqueIndex("(template_id, slot) WHERE NOT by_hand")
