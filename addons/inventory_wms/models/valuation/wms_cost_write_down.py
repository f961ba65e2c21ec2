from odoo import fields, models
from odoo.tools import SQL


class WmsCostWriteDown(models.Model):
    """Layers that are carried below cost: what may be reversed when their price recovers.

    A view: the part of each layer's write-downs that belongs to the units left in it, as
    engine/cost_revaluation.py:still_down computes it.
    """

    _name = "wms.cost.write.down"
    _description = "Goods carried below cost"
    _auto = False
    _order = "date, id"
    _depends = {
        "wms.cost.layer": ["remaining_qty", "remaining_value"],
        "wms.cost.adjustment": ["layer_id", "kind", "on_hand", "qty", "date"],
    }

    layer_id = fields.Many2one("wms.cost.layer", "Receipt", readonly=True)
    total_id = fields.Many2one("wms.cost.total", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    place_id = fields.Many2one("stock.location", "Kept at", readonly=True)
    date = fields.Date("First written down", readonly=True)
    qty = fields.Float("Remaining", digits="Product Unit", readonly=True)
    value = fields.Monetary("Carried at", readonly=True)
    amount = fields.Monetary("Below cost by", readonly=True)
    cost = fields.Monetary("At cost", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT layer.id, layer.id AS layer_id, layer.total_id, layer.company_id,
                   layer.product_id, layer.lot_id, layer.place_id,
                   min(row.date)::date AS date, layer.remaining_qty AS qty,
                   carried.value, down.amount, carried.value + down.amount AS cost
              FROM wms_cost_layer layer
              JOIN wms_cost_total total ON total.id = layer.total_id
              JOIN res_company company ON company.id = layer.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              JOIN LATERAL (
                   -- a pool at average carries its receipts at the average, not at their own cost
                   SELECT CASE WHEN average.id IS NULL OR total.qty <= 0
                               THEN layer.remaining_value
                               ELSE round((total.value * layer.remaining_qty / total.qty)::numeric,
                                          currency.decimal_places) END AS value
                     FROM (SELECT max(part.id) AS id FROM wms_cost_layer part
                            WHERE part.total_id = layer.total_id AND part.kind = 'average') average
                   ) carried ON true
              JOIN wms_cost_adjustment row
                ON row.layer_id = layer.id AND row.kind IN ('write_down', 'write_up')
              JOIN LATERAL (
                   SELECT trunc(sum(-part.on_hand * layer.remaining_qty / part.qty)::numeric,
                                currency.decimal_places) AS amount
                     FROM wms_cost_adjustment part
                    WHERE part.layer_id = layer.id AND part.kind IN ('write_down', 'write_up')
                   ) down ON down.amount > 0
             WHERE layer.remaining_qty > 0
             GROUP BY layer.id, carried.value, down.amount
            """
        )
