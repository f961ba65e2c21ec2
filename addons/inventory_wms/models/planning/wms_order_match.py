from odoo import api, fields, models


class WmsOrderMatch(models.AbstractModel):
    """What order profiles and cut-offs share: which orders they are for.

    An empty field asks for nothing. Add-ons that know more of an order (its carrier) add their
    fields here and extend `_matches`.
    """

    _name = "wms.order.match"
    _description = "Which orders a rule is for"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, help="Empty: every warehouse of the company."
    )
    team_ids = fields.Many2many(
        "crm.team", string="Channels", help="Sales teams whose orders are meant; empty: all."
    )

    def _matches(self, picking):
        """Whether one order is meant.

        :param picking: one stock.picking
        """
        self.ensure_one()
        return (
            self.company_id == picking.company_id
            and self.warehouse_id in (picking.picking_type_id.warehouse_id, self.warehouse_id[:0])
            and (not self.team_ids or picking._wms_sale().team_id in self.team_ids)
        )

    # whatever changes a rule changes the plan of the orders that wait
    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._refresh_orders()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._refresh_orders()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self.env["wms.release"]._refresh(companies)
        return result

    def _refresh_orders(self):
        self.env["wms.release"]._refresh(self.company_id)
