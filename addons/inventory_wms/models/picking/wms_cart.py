import string

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_ROWS = len(string.ascii_uppercase)


class WmsCart(models.Model):
    """A picking cart: rows of slots, one order in each slot."""

    _name = "wms.cart"
    _description = "Picking cart"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, help="Empty: used in every warehouse."
    )
    rows = fields.Integer(default=3, required=True, help="Shelves, counted from the top: A, B ...")
    columns = fields.Integer(default=4, required=True, help="Slots beside each other: 1, 2 ...")
    max_lines = fields.Integer(
        "Lines at most",
        default=40,
        required=True,
        help="A wave for this cart has no more order lines, except for one large order alone.",
    )
    slot_count = fields.Integer("Slots", compute="_compute_slot_count")

    @api.depends("rows", "columns")
    def _compute_slot_count(self):
        for cart in self:
            cart.slot_count = cart.rows * cart.columns

    @api.constrains("rows", "columns", "max_lines")
    def _check_size(self):
        for cart in self:
            if not 1 <= cart.rows <= MAX_ROWS or not 1 <= cart.columns <= 20:
                raise ValidationError(
                    self.env._("A cart has 1 to %(rows)s rows of 1 to 20 slots.", rows=MAX_ROWS)
                )
            if cart.max_lines < 1:
                raise ValidationError(self.env._("A cart carries at least one line."))

    def _slots(self):
        """Names of the slots from the top left: A1, A2 ... B1.

        :return: list of text
        """
        self.ensure_one()
        return [
            f"{string.ascii_uppercase[row]}{column + 1}"
            for row in range(self.rows)
            for column in range(self.columns)
        ]
