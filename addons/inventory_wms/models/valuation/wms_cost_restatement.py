from odoo import fields, models


class WmsCostRestatement(models.Model):
    """What a recost changed in the rows of an older posting, kept so that its day stays as it was.

    A recost rewrites the links between shipments and receipts, but the ledger is corrected on the
    recost's own day. The stock ledger adds this amount to the old posting and takes it out again
    on the recost's: a value at a date never changes afterwards.
    """

    _name = "wms.cost.restatement"
    _description = "Cost of an older posting before a recost"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    total_id = fields.Many2one(
        "wms.cost.total", required=True, readonly=True, index=True, ondelete="restrict"
    )
    posting_id = fields.Many2one("wms.cost.posting", readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True)
    recost_posting_id = fields.Many2one(
        "wms.cost.posting", required=True, readonly=True, ondelete="restrict"
    )
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True)
