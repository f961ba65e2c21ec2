from odoo import api, fields, models
from odoo.exceptions import ValidationError


class WmsOrderProfile(models.Model):
    """A kind of order, and how orders of that kind are worked: the first one that fits counts."""

    _name = "wms.order.profile"
    _inherit = ["wms.order.match"]
    _description = "Order profile"
    _check_company_auto = True

    # which orders
    tag_ids = fields.Many2many(
        "res.partner.category", string="Customer tags", help="One of them is enough; empty: all."
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    max_lines = fields.Integer("Lines at most", help="0: any number. 1: single-line orders.")
    # how they are worked
    method = fields.Selection(
        [
            ("cluster", "Cluster: a slot for each order"),
            ("single", "One order at a time"),
            ("sort", "Together, sorted afterwards"),
        ],
        required=True,
        default="cluster",
        help="Sorted afterwards: the cart's slots do not limit the wave, its lines do.",
    )
    cart_id = fields.Many2one(
        "wms.cart", check_company=True, help="Empty: the cart of the release."
    )
    partial = fields.Selection(
        [
            ("whole", "Whole orders only"),
            ("available", "Ship what is there, the rest waits"),
            ("late", "Wait, then ship what is there"),
        ],
        "Incomplete orders",
        required=True,
        default="whole",
    )
    partial_hours = fields.Float(
        "Wait until (h before)",
        default=4.0,
        help="So many hours before its deadline an order goes with what is there.",
    )
    stars = fields.Integer("Priority", help="0 to 5; each step is as much as two days of waiting.")
    cutoff_ids = fields.Many2many(
        "wms.carrier.cutoff",
        string="Cut-offs",
        help="Empty: those that fit the carrier and the channel.",
    )

    @api.constrains("stars", "max_lines", "partial_hours")
    def _check_numbers(self):
        for profile in self:
            if not 0 <= profile.stars <= 5 or profile.max_lines < 0 or profile.partial_hours < 0:
                raise ValidationError(
                    self.env._("Priority is 0 to 5; lines and hours are not negative.")
                )

    def _matches(self, picking):
        customer = picking.partner_id
        tags = customer.category_id | customer.commercial_partner_id.category_id
        return (
            super()._matches(picking)
            and (not self.max_lines or len(picking.move_ids) <= self.max_lines)
            and (not self.country_ids or customer.country_id in self.country_ids)
            and (not self.tag_ids or bool(self.tag_ids & tags))
        )

    def _ships_part(self, picking, now):
        """Whether an order of this profile goes now with what is there.

        :param picking: one stock.picking
        :param now: the clock, naive UTC
        """
        if picking.move_type == "one":  # promised to the customer in one piece
            return False
        if self.partial == "late":
            left = (picking.wms_ship_by - now).total_seconds() / 3600 if picking.wms_ship_by else 0
            return left <= self.partial_hours
        return self.partial == "available"
