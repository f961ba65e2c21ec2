from odoo import api, models
from odoo.tools import SQL


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "wms_lot_id"]

    @api.model
    def _get_push_rule(self, product_id, location_dest_id, values):
        """Core asks route after route at every level above a destination; mostly nothing is there.

        Whether any push rule starts there at all is one question.
        """
        levels = [int(level) for level in (location_dest_id.parent_path or "").split("/") if level]
        self.flush_model(["active", "action", "location_src_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT EXISTS (SELECT FROM stock_rule
                                WHERE active AND action IN ('push', 'pull_push')
                                  AND location_src_id = ANY(%s))
                """,
                levels,
            )
        )
        if not self.env.cr.fetchone()[0]:
            return self.browse()
        return super()._get_push_rule(product_id, location_dest_id, values)
