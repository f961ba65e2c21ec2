from odoo import fields, models


class StockPackageType(models.Model):
    _inherit = "stock.package.type"

    # packing: core's sizes are the outer ones, which carriers measure
    wms_wall = fields.Integer(
        "Wall (mm)", help="Thickness of the wall; the room inside is the size less twice the wall."
    )
    wms_cost = fields.Float(
        "Cost of one", help="The cheapest box that fits is proposed; equal costs: the smallest."
    )

    _wms_wall_positive = models.Constraint(
        "CHECK (wms_wall >= 0)", "The wall of a box can't be negative."
    )
    _wms_cost_positive = models.Constraint(
        "CHECK (wms_cost >= 0)", "The cost of a box can't be negative."
    )
