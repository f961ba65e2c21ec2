from odoo import api, fields, models
from odoo.exceptions import UserError


class ChannelOrder(models.Model):
    """An order as the channel wrote it, normalised, before and after it is a sales order."""

    _name = "channel.order"
    _description = "Channel order"
    _order = "id desc"
    _rec_name = "order_ref"
    _check_company_auto = True

    account_id = fields.Many2one(
        "channel.account", "Channel", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    inbox_id = fields.Many2one(
        "channel.inbox", "Received with", readonly=True, index=True, ondelete="restrict"
    )
    order_ref = fields.Char("Reference", required=True, readonly=True)
    date_order = fields.Date("Ordered", required=True, readonly=True)
    customer = fields.Char(required=True, readonly=True)
    ship_by = fields.Date("Ship by", readonly=True)
    carrier = fields.Char(readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", readonly=True)
    line_ids = fields.One2many("channel.order.line", "order_id", "Lines", readonly=True)
    sale_order_id = fields.Many2one(
        "sale.order", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [("ready", "To create"), ("done", "Created"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="ready",
    )
    error = fields.Char("What happened", readonly=True)
    attempts = fields.Integer(readonly=True)

    _order_ref_uniq = models.Constraint(
        "UNIQUE (account_id, order_ref)", "This order was imported before."
    )
    _todo_idx = models.Index("(inbox_id, id) WHERE state = 'ready'")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(order.state == "done" for order in self):
            raise UserError(
                self.env._("This order was imported; it is kept so that it counts once.")
            )
