from odoo import api, fields, models


class WmsPackBox(models.Model):
    """A box at the packing station: open while goods are put in, closed with its weight.

    It becomes one of Odoo's packages when the order is finished. Workers have no access to the
    model; they pack by the routes below /wms/.
    """

    _name = "wms.pack.box"
    _description = "Packed box"
    _order = "picking_id, number, id"

    picking_id = fields.Many2one(
        "stock.picking", "Transfer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True, index=True)
    number = fields.Integer("Box", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, default="open", readonly=True
    )
    package_type_id = fields.Many2one("stock.package.type", "Type", readonly=True)
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="set null")
    item_ids = fields.One2many("wms.pack.item", "box_id", "Contents", readonly=True)
    weight = fields.Float("Measured (g)", digits=(16, 1), readonly=True)
    expected_weight = fields.Float("Expected (g)", digits=(16, 1), readonly=True)
    accepted_by_id = fields.Many2one(
        "res.users", "Weight accepted by", readonly=True, help="The lead who accepted a difference."
    )
    closed_command_id = fields.Many2one("wms.command", "Closed by", readonly=True)

    _number_uniq = models.Constraint(
        "UNIQUE (picking_id, number)", "A transfer has each box number once."
    )

    @api.depends("picking_id", "number")
    def _compute_display_name(self):
        for box in self:
            box.display_name = self.env._(
                "%(order)s, box %(number)s", order=box.picking_id.name, number=box.number
            )
