"""Value of the goods at any date: layers less consumptions plus corrections, as journalised."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..engine.cost_layers import spread_over
from .valuation_numbers import Numbers

#: days since the receipt, up to and including -> bucket
AGES = ((30, "a30"), (90, "b90"), (180, "c180"), (365, "d365"))


def age_bucket(days):
    """Bucket of goods or items that are so many days old."""
    return next((name for limit, name in AGES if days <= limit), "e366")


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    @api.model
    def _values(self, company, day, products=None):
        """Units and value per product at the end of a day.

        :param products: product ids, all when None
        :return: product id -> (units, amount)
        """
        found = {}
        for row in self._pool_values(company, day, products):
            qty, value = found.get(row["product_id"], (0.0, 0.0))
            found[row["product_id"]] = (qty + row["qty"], value + row["value"])
        return found

    @api.model
    def _pool_values(self, company, day, products=None):
        """Units and value per pool.

        :return: dicts: total_id, product_id, category_id, lot_id, place_id, qty, value
        """
        self._flush()
        self.env.cr.execute(
            SQL(
                """
                SELECT ledger.total_id, ledger.product_id, ledger.category_id, ledger.lot_id,
                       ledger.place_id, sum(ledger.qty)::float AS qty,
                       sum(ledger.value)::float AS value
                  FROM (%(ledger)s) ledger
                 WHERE ledger.company_id = %(company)s AND ledger.date <= %(day)s
                   AND (%(everything)s OR ledger.product_id = ANY(%(products)s))
                 GROUP BY ledger.total_id, ledger.product_id, ledger.category_id, ledger.lot_id,
                          ledger.place_id
                """,
                ledger=self.env["wms.stock.ledger"]._table_query,
                company=company.id,
                day=day,
                everything=products is None,
                products=list(products or ()),
            )
        )
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------------------- by age
    @api.model
    def _value_by_receipt(self, company, day):
        """What is left of each receipt at the end of a day, and per pool what is no receipt's.

        The latter is the difference between the average and the receipts' own costs, and goods
        that left before they came.  Goods that came back or moved are as old as their receipt.

        :return: dicts as of _pool_values, with layer_id and received_on
        """
        pools = {row["total_id"]: row for row in self._pool_values(company, day)}
        rows = self._layers_at(company, day)
        for row in rows:
            pool = pools[row["total_id"]]
            pool["qty"] -= row["qty"]
            pool["value"] -= row["value"]
        is_zero = company.currency_id.is_zero
        rest = [
            pool | {"layer_id": None, "received_on": None}
            for pool in pools.values()
            if abs(pool["qty"]) > 1e-6 or not is_zero(pool["value"])
        ]
        return rows + rest

    def _layers_at(self, company, day):
        self.env.cr.execute(
            SQL(
                """
                WITH parts AS (
                    SELECT layer.id AS layer_id, layer.posting_id, layer.date::date AS day,
                           layer.qty, layer.value
                      FROM wms_cost_layer layer
                     WHERE layer.kind NOT IN ('average', 'before')
                 UNION ALL
                    SELECT layer_id, posting_id, date::date, -qty, -layer_value
                      FROM wms_cost_consumption
                 UNION ALL
                    SELECT layer_id, posting_id, date::date,
                           CASE kind WHEN 'undo' THEN qty WHEN 'closing' THEN -qty ELSE 0 END,
                           coalesce(on_hand, 0)
                      FROM wms_cost_adjustment
                     WHERE layer_id IS NOT NULL
                       AND (on_hand <> 0 OR kind IN ('undo', 'closing'))
                ), left_over AS (
                    SELECT parts.layer_id, sum(parts.qty) AS qty, sum(parts.value) AS value
                      FROM parts LEFT JOIN wms_cost_posting posting ON posting.id = posting_id
                     WHERE coalesce(posting.date, parts.day) <= %(day)s
                     GROUP BY parts.layer_id HAVING sum(parts.qty) <> 0
                )
                SELECT layer.total_id, layer.product_id, total.category_id, layer.lot_id,
                       layer.place_id, layer.id AS layer_id,
                       coalesce(born.date, root.date::date, layer.date::date) AS received_on,
                       left_over.qty::float AS qty, left_over.value::float AS value
                  FROM left_over
                  JOIN wms_cost_layer layer ON layer.id = left_over.layer_id
                  JOIN wms_cost_total total ON total.id = layer.total_id
                  LEFT JOIN wms_cost_layer root ON root.id = layer.root_layer_id
                  LEFT JOIN wms_cost_posting born
                    ON born.id = coalesce(root.posting_id, layer.posting_id)
                 WHERE layer.company_id = %(company)s
                 ORDER BY layer.id
                """,
                company=company.id,
                day=day,
            )
        )
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------------------- by bin
    @api.model
    def _value_by_bin(self, company, day):
        """Each pool's value shared over the bins its goods lay in at the end of a day.

        A unit costs the same in every bin of its pool; the last bin takes the rest of the cents.
        What lay nowhere (goods that left before they came) has no bin.

        :return: dicts as of _pool_values, with location_id; lot_id is that of the bin
        """
        numbers = Numbers.of(self.with_company(company).env)
        shelves = self._shelves_at(company, day)
        rows = []
        for pool in self._pool_values(company, day):
            bins = shelves.get(self._shelf_key(pool), [])
            if not bins:
                rows.append(pool | {"location_id": None})
                continue
            weights = [numbers.qty(qty) for _location, _lot, qty in bins]
            values = spread_over(numbers.minor(pool["value"]), weights)
            units = self._share_units(pool["qty"], [qty for _location, _lot, qty in bins])
            rows += [
                pool
                | {
                    "location_id": location,
                    "lot_id": lot,
                    "qty": qty,
                    "value": numbers.amount(value),
                }
                for (location, lot, _qty), qty, value in zip(bins, units, values, strict=True)
            ]
        return [row for row in rows if row["qty"] or row["value"]]

    def _share_units(self, qty, weights):
        """The units in each bin; where books and shelves differ, the last has the rest."""
        return [*weights[:-1], qty - sum(weights[:-1])]

    def _shelf_key(self, row):
        lot = row["lot_id"] if row.get("lot_valuated", True) else None
        return row["product_id"], lot or 0, row["place_id"] or 0

    def _shelves_at(self, company, day):
        """What lay where at the end of a day: key of the pool -> [(location, lot, units > 0)]."""
        self.env["stock.quant"].flush_model()
        self.env["stock.move.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH booked AS (
                    SELECT move_id, min(date) AS date FROM (%(ledger)s) ledger
                     WHERE company_id = %(company)s GROUP BY move_id
                ), later AS (
                    SELECT line.* FROM stock_move_line line
                      JOIN stock_move move ON move.id = line.move_id
                      LEFT JOIN booked ON booked.move_id = move.id
                     WHERE move.state = 'done' AND move.company_id = %(company)s
                       AND coalesce(booked.date, move.date::date) > %(day)s
                ), shelves AS (
                    SELECT product_id, location_id, lot_id, owner_id, quantity FROM stock_quant
                 UNION ALL
                    SELECT product_id, location_id, lot_id, owner_id, quantity_product_uom
                      FROM later
                 UNION ALL
                    SELECT product_id, location_dest_id, lot_id, owner_id, -quantity_product_uom
                      FROM later
                )
                SELECT shelves.product_id, shelves.location_id, shelves.lot_id,
                       template.lot_valuated, location.wms_place_id AS place_id,
                       sum(shelves.quantity)::float AS qty
                  FROM shelves
                  JOIN stock_location location ON location.id = shelves.location_id
                  JOIN product_product product ON product.id = shelves.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE location.usage IN ('internal', 'transit')
                   AND location.company_id = %(company)s
                   AND (shelves.owner_id IS NULL OR shelves.owner_id = %(partner)s)
                   AND shelves.product_id IN (SELECT product_id FROM wms_cost_total
                                               WHERE company_id = %(company)s)
                 GROUP BY shelves.product_id, shelves.location_id, shelves.lot_id,
                          template.lot_valuated, location.wms_place_id
                HAVING sum(shelves.quantity) > 0.00001
                 ORDER BY shelves.product_id, shelves.location_id, shelves.lot_id
                """,
                ledger=self.env["wms.stock.ledger"]._table_query,
                company=company.id,
                partner=company.partner_id.id,
                day=day,
            )
        )
        found = defaultdict(list)
        for row in self.env.cr.dictfetchall():
            found[self._shelf_key(row)].append((row["location_id"], row["lot_id"], row["qty"]))
        return found
