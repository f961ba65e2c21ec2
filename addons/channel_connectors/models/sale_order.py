from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    channel_order_id = fields.Many2one(
        "channel.order", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    channel_account_id = fields.Many2one(
        "channel.account",
        "Channel",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
