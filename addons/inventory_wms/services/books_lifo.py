"""LIFO for accountants: who may use it, the reserve, liquidated layers, periodic LIFO of years."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine import lifo, periodic
from ..engine.cost_layers import ZERO, Pool, share
from .valuation_numbers import Numbers

#: What national rules say of LIFO; everywhere else IAS 2 is the measure.
_RULES = {
    "US": "US GAAP permits LIFO (ASC 330). Using it for tax needs Form 970 and LIFO in the books.",
    "DE": "HGB section 256 names LIFO for statutory accounts; IAS 2 does not allow it in IFRS "
    "accounts.",
    "IT": "The Civil Code (article 2426) names LIFO for statutory accounts; IAS 2 does not allow "
    "it in IFRS accounts.",
    "JP": "Japanese accounting standards have not allowed LIFO since 2010 (ASBJ Statement 9).",
}
_PERMITTED = {"US"}


#: Receipts, departures and returns of cost pools, in the engine's words; `%(day)s` as below.
#: A receipt that had brought less counts with what it did bring; only where other goods had to
#: stand in for those (`corrects`, not of its own layers) is there a departure. What a correction
#: put back (`undo`) is no cost of its layer, but an event.
_EVENTS = """
WITH smaller AS (
    SELECT row.layer_id, sum(row.qty) AS qty, sum(row.layer_value) AS value
      FROM wms_cost_consumption row
      JOIN wms_cost_layer layer ON layer.id = row.layer_id AND layer.move_id = row.move_id
      LEFT JOIN wms_cost_posting posting ON posting.id = row.posting_id
     WHERE row.corrects AND row.deficit_id IS NULL
       AND coalesce(posting.date, row.date::date) <= %(day)s
     GROUP BY row.layer_id
), corrected AS (
    SELECT row.layer_id, sum(coalesce(row.on_hand, 0) + coalesce(row.consumed, 0))
               AS value
      FROM wms_cost_adjustment row
      LEFT JOIN wms_cost_posting posting ON posting.id = row.posting_id
     WHERE row.kind NOT IN ('undo', 'closing')
       AND coalesce(posting.date, row.date::date) <= %(day)s
     GROUP BY row.layer_id
), parts AS (
    SELECT layer.total_id, row.posting_id, row.move_id, row.date, row.qty,
           0 AS missing, 0 AS missing_value, row.layer_id, coalesce(row.corrects, false) AS corrects
      FROM wms_cost_consumption row
      JOIN wms_cost_layer layer ON layer.id = row.layer_id
     WHERE row.deficit_id IS NULL AND layer.kind <> 'before'
       AND NOT (coalesce(row.corrects, false) AND layer.move_id = row.move_id)
 UNION ALL
    SELECT total_id, posting_id, move_id, date, qty, qty, value, NULL, coalesce(corrects, false)
      FROM wms_cost_deficit
), events AS (
    SELECT 'in' AS what, layer.total_id, layer.posting_id, layer.date,
           layer.id AS key, layer.qty - coalesce(smaller.qty, 0) AS qty,
           0 AS missing, 0 AS missing_value,
           layer.value + coalesce(corrected.value, 0) - coalesce(smaller.value, 0) AS value,
           CASE WHEN layer.kind = 'return'
                THEN move.origin_returned_move_id END AS origin,
           NULL::int[] AS wanted, 0 AS late
      FROM wms_cost_layer layer
      LEFT JOIN stock_move move ON move.id = layer.move_id
      LEFT JOIN corrected ON corrected.layer_id = layer.id
      LEFT JOIN smaller ON smaller.layer_id = layer.id
     WHERE layer.kind NOT IN ('average', 'before') AND layer.qty > coalesce(smaller.qty, 0)
 UNION ALL
    SELECT 'in', deficit.total_id, row.posting_id, row.date, -row.id, row.qty, 0, 0,
           row.on_hand, deficit.move_id, NULL, 0
      FROM wms_cost_adjustment row
      JOIN wms_cost_deficit deficit ON deficit.id = row.deficit_id
     WHERE row.kind = 'cancel'
 UNION ALL
    SELECT 'undo', layer.total_id, row.posting_id, row.date, -row.id, row.qty, 0, 0,
           row.received_value, taken.move_id,
           CASE WHEN target.usage = 'supplier' THEN ARRAY[row.layer_id] END, 0
      FROM wms_cost_adjustment row
      JOIN wms_cost_layer layer ON layer.id = row.layer_id
      JOIN wms_cost_consumption taken ON taken.id = row.consumption_id
      JOIN stock_move move ON move.id = taken.move_id
      JOIN stock_location target ON target.id = move.location_dest_id
     WHERE row.kind = 'undo'
 UNION ALL
    SELECT 'out', parts.total_id, parts.posting_id, min(parts.date), parts.move_id,
           sum(parts.qty), sum(parts.missing), sum(parts.missing_value), 0, NULL,
           CASE WHEN bool_or(parts.corrects)
                THEN (SELECT array_agg(own.id ORDER BY own.id) FROM wms_cost_layer own
                       WHERE own.move_id = parts.move_id AND own.total_id = parts.total_id)
                ELSE array_agg(parts.layer_id ORDER BY parts.layer_id)
                     FILTER (WHERE target.usage = 'supplier') END, 1
      FROM parts
      JOIN stock_move move ON move.id = parts.move_id
      JOIN stock_location target ON target.id = move.location_dest_id
     GROUP BY parts.total_id, parts.posting_id, parts.move_id
 UNION ALL
    SELECT 'out', layer.total_id, row.posting_id, row.date, -row.id, row.qty, 0, 0, 0, NULL,
           ARRAY[row.layer_id], 1
      FROM wms_cost_adjustment row JOIN wms_cost_layer layer ON layer.id = row.layer_id
     WHERE row.kind = 'closing' AND row.qty <> 0
)
"""


@dataclass
class _Year:
    """What a product did in a fiscal year: receipts by layer, units that left and came back."""

    receipts: dict = field(default_factory=dict)
    left: Decimal = ZERO
    back: Decimal = ZERO
    back_value: int = 0

    def leave(self, qty, wanted):
        """Goods left; those sent back to their vendor in the same year lessen their receipt."""
        for key in wanted:
            if key in self.receipts and qty:
                whole, value = self.receipts[key]
                taken = min(qty, whole)
                self.receipts[key] = (whole - taken, value - share(value, taken, whole or taken))
                qty -= taken
        self.left += qty

    def come_back(self, qty, value):
        """Customers sent goods back."""
        self.back += qty
        self.back_value += value

    def undo(self, qty, value, wanted):
        """Goods had not left after all, or not gone back to their vendor."""
        for key in wanted:
            if key in self.receipts:
                whole, worth = self.receipts[key]
                self.receipts[key] = (whole + qty, worth + value)
                return
        self.come_back(qty, value)

    def sums(self):
        """Receipts and units issued, as the engine wants them.

        More that came back than left (of an earlier year) is a receipt at its cost.
        """
        receipts = [row for row in self.receipts.values() if row[0]]
        issued = self.left - self.back
        if issued < 0:
            receipts.append((-issued, share(self.back_value, -issued, self.back)))
        return receipts, max(issued, ZERO)


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    # --------------------------------------------------------------------- permission
    @api.model
    def _lifo_warning(self, company):
        """What to know before a company values goods by LIFO.

        :return: (whether it must be confirmed on the company, text)
        """
        country = company.account_fiscal_country_id or company.country_id
        rule = _RULES.get(
            country.code,
            self.env._("IAS 2 does not allow LIFO, and most countries follow it."),
        )
        text = self.env._(
            "%(country)s: %(rule)s This is perpetual LIFO, unit by unit, as a method of "
            "bookkeeping: it is not the dollar-value LIFO of a US tax return.",
            country=country.name or self.env._("No country"),
            rule=rule,
        )
        return country.code not in _PERMITTED and not company.wms_lifo_confirmed, text

    @api.model
    def _require_lifo(self, company):
        """Make sure that somebody has confirmed LIFO where the country's rules do not permit it.

        :raises ValidationError: what the rules say, and where to confirm
        """
        unconfirmed, text = self._lifo_warning(company)
        if unconfirmed:
            raise ValidationError(
                self.env._(
                    "%(text)s If your accountant has confirmed it for %(company)s, tick 'LIFO is "
                    "permitted here' in the inventory settings under Valuation first.",
                    text=text,
                    company=company.name,
                )
            )

    def _lifo_products(self, company):
        """Ids of the products that are valued by LIFO."""
        categories = (
            self.env["product.category"]
            .with_company(company)
            .search([("property_cost_method", "in", (False, "lifo"))])
            .filtered(lambda categ: (categ.property_cost_method or company.cost_method) == "lifo")
        )
        totals = self.env["wms.cost.total"]._read_group(
            [("company_id", "=", company.id), ("category_id", "in", categories.ids)],
            ["product_id"],
        )
        return [product.id for (product,) in totals]

    # ------------------------------------------------------------------------ reserve
    @api.model
    def _lifo_reserve(self, company, day):
        """FIFO less LIFO value of the goods on hand at the end of a day.

        :return: dicts as of _pool_values, with ``fifo`` and ``reserve`` (amounts)
        """
        products = self._lifo_products(company)
        if not products:
            return []
        numbers = Numbers.of(self.with_company(company).env)
        pools = self._pool_values(company, day, products)
        events = self._lifo_events(company, day, products, numbers)
        for pool in pools:
            value = numbers.minor(pool["value"])
            reserve = lifo.reserve(events.get(pool["total_id"], ()), value)
            pool["reserve"] = numbers.amount(reserve)
            pool["fifo"] = numbers.amount(value + reserve)
        return pools

    def _lifo_events(self, company, day, products, numbers):
        """total id -> the engine's events up to a day, in costing order.

        A receipt counts at all that it has cost by then, later bills included.
        """
        events = defaultdict(list)
        for row in self._cost_events(company, day, products):
            qty = numbers.qty(row["qty"])
            if row["what"] == "out":
                fallback = Fraction(numbers.minor(row["missing_value"]))
                missing = numbers.qty(row["missing"])
                event = lifo.Out(
                    row["key"],
                    qty,
                    tuple(row["wanted"] or ()),
                    fallback / Fraction(missing) if missing else Fraction(0),
                )
            elif row["what"] == "undo":
                event = lifo.Undo(row["key"], qty, row["origin"], numbers.minor(row["value"]))
            elif row["origin"]:
                event = lifo.Back(row["key"], qty, row["origin"], numbers.minor(row["value"]))
            else:
                event = lifo.In(row["key"], qty, numbers.minor(row["value"]))
            events[row["total_id"]].append(event)
        return events

    def _cost_events(self, company, day, products):
        self.env.cr.execute(
            SQL(
                f"""
                {_EVENTS}
                SELECT events.what, events.total_id, events.key, events.qty::float AS qty,
                       events.missing::float AS missing, events.value::float AS value,
                       events.missing_value::float AS missing_value, events.origin, events.wanted,
                       total.product_id, coalesce(posting.date, events.date::date) AS day
                  FROM events
                  JOIN wms_cost_total total ON total.id = events.total_id
                  LEFT JOIN wms_cost_posting posting ON posting.id = events.posting_id
                 WHERE total.company_id = %(company)s AND total.product_id = ANY(%(products)s)
                   AND coalesce(posting.date, events.date::date) <= %(day)s
                 ORDER BY events.total_id, events.posting_id, events.late, events.key
                """,
                company=company.id,
                day=day,
                products=products,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _cogs(self, company, first, last):
        """product id -> cost of goods sold in a period (amount)."""
        self._flush()
        self.env.cr.execute(
            SQL(
                """
                SELECT product_id, sum(cost)::float FROM (%(sold)s) sold
                 WHERE company_id = %(company)s AND date BETWEEN %(first)s AND %(last)s
                 GROUP BY product_id
                """,
                sold=self.env["wms.cogs.report"]._table_query,
                company=company.id,
                first=first,
                last=last,
            )
        )
        return dict(self.env.cr.fetchall())

    # -------------------------------------------------------------------- liquidation
    @api.model
    def _lifo_liquidations(self, company, first, last):
        """Goods of layers from before a period that were sold in it, beside what units cost then.

        :return: dicts: product_id, layer_id, move_id, day, qty, value, current (cost of a unit),
            effect (amounts)
        """
        products = self._lifo_products(company)
        if not products:
            return []
        self._flush()
        numbers = Numbers.of(self.with_company(company).env)
        rows = self._old_goods_sold(company, first, last, products)
        for row in rows:
            qty, value = numbers.qty(row["qty"]), numbers.minor(row["value"])
            current = numbers.fraction(row["cost"]) / numbers.exact(row["units"])
            effect = lifo.liquidation_effect([lifo.Sold(qty, value, current)])
            row["current"] = float(current) * numbers.rounding
            row["effect"] = numbers.amount(effect)
        return rows

    def _old_goods_sold(self, company, first, last, products):
        """The sales, each with the newest receipt of its product at that time."""
        self.env.cr.execute(
            SQL(
                """
                SELECT row.product_id, row.layer_id, row.move_id, posting.date AS day,
                       (row.qty - undone.qty)::float AS qty,
                       (row.layer_value - undone.value)::float AS value,
                       newest.value::float AS cost, newest.qty::float AS units
                  FROM wms_cost_consumption row
                  JOIN wms_cost_posting posting ON posting.id = row.posting_id
                  JOIN wms_cost_layer layer ON layer.id = row.layer_id
                  JOIN wms_cost_posting received ON received.id = layer.posting_id
                  JOIN stock_move move ON move.id = row.move_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN LATERAL (
                       SELECT late.value, late.qty FROM wms_cost_layer late
                        WHERE late.product_id = row.product_id
                          AND late.company_id = row.company_id AND late.kind = 'receipt'
                          AND late.posting_id <= row.posting_id
                        ORDER BY late.id DESC LIMIT 1) newest ON true
                  JOIN LATERAL (
                       SELECT coalesce(sum(back.qty), 0) AS qty,
                              coalesce(sum(back.on_hand), 0) AS value
                         FROM wms_cost_adjustment back
                         LEFT JOIN wms_cost_posting since ON since.id = back.posting_id
                        WHERE back.consumption_id = row.id AND back.kind = 'undo'
                          AND coalesce(since.date, back.date::date) <= %(last)s) undone ON true
                 WHERE row.company_id = %(company)s AND row.product_id = ANY(%(products)s)
                   AND target.usage = 'customer' AND layer.kind <> 'average'
                   AND posting.date BETWEEN %(first)s AND %(last)s AND received.date < %(first)s
                   AND row.qty > undone.qty
                 ORDER BY row.id
                """,
                company=company.id,
                products=products,
                first=first,
                last=last,
            )
        )
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------------ periodic LIFO
    @api.model
    def _periodic_lifo(self, company, day):
        """Periodic LIFO at the end of a fiscal year, year after year since the first receipt.

        :return: dicts per product: product_id, qty, perpetual, periodic, missing
        """
        products = self._lifo_products(company)
        if not products:
            return []
        numbers = Numbers.of(self.with_company(company).env)
        perpetual = self._values(company, day, products)
        years = self._years(company, day, self._cost_events(company, day, products), numbers)
        rows = []
        for product, by_year in years.items():
            pool = Pool("lifo")
            for end in sorted(by_year):
                pool = periodic.lifo(pool, *by_year[end].sums()).pool
            missing = sum((deficit.qty for deficit in pool.deficits), ZERO)
            qty, value = perpetual.get(product, (0.0, 0.0))
            rows.append(
                {
                    "product_id": product,
                    "qty": qty,
                    "perpetual": value,
                    "periodic": numbers.amount(pool.value),
                    "missing": float(missing),
                }
            )
        return rows

    def _years(self, company, day, events, numbers):
        """product id -> {end of a fiscal year: :class:`_Year`}.

        Goods moved between the company's places neither come nor leave; what goes back to its
        vendor in the year it came lessens its receipt.
        """
        moved = self._moved_layers(company, events)
        found = defaultdict(dict)
        for row in events:
            end = company.compute_fiscalyear_dates(row["day"])["date_to"]
            year = found[row["product_id"]].setdefault(end, _Year())
            qty = numbers.qty(row["qty"])
            if row["what"] == "out":
                if row["key"] not in moved["moves"]:
                    year.leave(qty, row["wanted"] or ())
            elif row["what"] == "undo":
                year.undo(qty, numbers.minor(row["value"]), row["wanted"] or ())
            elif row["origin"]:
                year.come_back(qty, numbers.minor(row["value"]))
            elif row["key"] not in moved["layers"]:
                year.receipts[row["key"]] = (qty, numbers.minor(row["value"]))
        return found

    def _moved_layers(self, company, events):
        """Layers and moves of transfers between places."""
        layers = self.env["wms.cost.layer"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "transfer"),
                ("product_id", "in", list({row["product_id"] for row in events})),
            ],
            ["move_id"],
        )
        return {"layers": set(layers.ids), "moves": set(layers.move_id.ids)}

    def _year_end(self, company, day=None):
        """The last day of the fiscal year before a day."""
        first = company.compute_fiscalyear_dates(self._day(day))["date_from"]
        return fields.Date.subtract(first, days=1)
