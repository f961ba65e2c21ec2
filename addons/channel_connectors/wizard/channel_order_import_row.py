from odoo import fields, models


class ChannelOrderImportRow(models.TransientModel):
    """A row of the preview that needs a correction."""

    _name = "channel.order.import.row"
    _description = "Row to correct"
    _order = "row_number, id"

    import_id = fields.Many2one("channel.order.import", required=True, ondelete="cascade")
    row_number = fields.Integer("Row")
    column = fields.Char()
    order_ref = fields.Char("Order")
    what = fields.Text("What is wrong")
    next_step = fields.Text("What to do")
