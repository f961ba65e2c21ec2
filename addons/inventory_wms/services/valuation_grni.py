"""Goods received, not invoiced, per order line: open on one side only, never on both.

Documents come in any order: a refund before its return, a bill before its refund, an exchange
that nobody bills again. What one of them left open meets what another one left open:

- billed before receipt and received, not billed: the difference corrects the receipt's cost
- paid back too much and sent back, or billed too much: the difference is variance
- sent back and received again with no refund and no bill to come, which is so once both sides
  of the line have the same units: the exchanged goods cost what was paid for the first ones

So an order line of which as much is billed as received has nothing open.  Goods without an order
line are netted by product and vendor in the same way.
"""

from odoo import models
from odoo.tools import SQL

from ..engine import cost_corrections as corrections
from ..engine.cost_corrections import Open
from .valuation_numbers import Loose

_BOTH_SIDES = """
    WITH open_rows AS (
        SELECT purchase_line_id AS line, NULL::int AS product, NULL::int AS vendor,
               unbilled_qty AS unbilled, 0 AS waiting, 0 AS owed, 0 AS back
          FROM wms_cost_layer WHERE purchase_line_id = ANY(%(lines)s) AND unbilled_qty > 0
     UNION ALL
        SELECT purchase_line_id, NULL, NULL, 0, greatest(open_qty, 0), greatest(-open_qty, 0), 0
          FROM wms_cost_adjustment WHERE purchase_line_id = ANY(%(lines)s) AND open_qty <> 0
     UNION ALL
        SELECT move.purchase_line_id, NULL, NULL, 0, 0, 0, row.refundable_qty
          FROM wms_cost_consumption row JOIN stock_move move ON move.id = row.move_id
         WHERE move.purchase_line_id = ANY(%(lines)s) AND row.refundable_qty > 0
     UNION ALL
        SELECT NULL, layer.product_id, partner.commercial_partner_id, layer.unbilled_qty, 0, 0, 0
          FROM wms_cost_layer layer
          JOIN stock_picking picking ON picking.id = layer.picking_id
          JOIN res_partner partner ON partner.id = picking.partner_id
         WHERE layer.product_id = ANY(%(products)s) AND layer.company_id = %(company)s
           AND layer.purchase_line_id IS NULL AND layer.kind = 'receipt' AND layer.unbilled_qty > 0
     UNION ALL
        SELECT NULL, row.product_id, partner.commercial_partner_id, 0,
               greatest(row.open_qty, 0), greatest(-row.open_qty, 0), 0
          FROM wms_cost_adjustment row
          LEFT JOIN account_move_line bill ON bill.id = row.bill_line_id
          LEFT JOIN wms_cost_layer layer ON layer.id = row.layer_id
          LEFT JOIN stock_picking picking ON picking.id = layer.picking_id
          JOIN res_partner partner ON partner.id = coalesce(bill.partner_id, picking.partner_id)
         WHERE row.product_id = ANY(%(products)s) AND row.company_id = %(company)s
           AND row.purchase_line_id IS NULL AND row.open_qty <> 0
     UNION ALL
        SELECT NULL, row.product_id, partner.commercial_partner_id, 0, 0, 0, row.refundable_qty
          FROM wms_cost_consumption row
          JOIN stock_move move ON move.id = row.move_id
          JOIN stock_picking picking ON picking.id = row.picking_id
          JOIN res_partner partner ON partner.id = picking.partner_id
         WHERE row.product_id = ANY(%(products)s) AND row.company_id = %(company)s
           AND move.purchase_line_id IS NULL AND row.refundable_qty > 0
    ), sides AS (
        SELECT line, product, vendor, sum(unbilled) AS unbilled, sum(waiting) AS waiting,
               sum(owed) AS owed, sum(back) AS back,
               abs(sum(unbilled + owed - waiting - back)) < 0.000001 AS even
          FROM open_rows WHERE line IS NOT NULL OR vendor = ANY(%(vendors)s)
         GROUP BY line, product, vendor
    )
    SELECT line, product, vendor, even FROM sides
     WHERE (unbilled > 0 AND waiting > 0) OR (owed > 0 AND back > 0) OR (owed > 0 AND waiting > 0)
        OR (even AND unbilled > 0 AND back > 0)
     ORDER BY line, product, vendor
"""


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _net_open(self, order_lines, loose, new_entry):
        """Match what is open on both sides of order lines, or of goods without one.

        :param order_lines: ``purchase.order.line``
        :param loose: :class:`Loose`
        :param new_entry: function that makes the :class:`Entry` of what this posts
        """
        found = self._open_on_both_sides(order_lines.exists(), loose)
        if found:
            self._net_found(found, new_entry())

    def _open_on_both_sides(self, order_lines, loose):
        """Place -> whether both sides have the same units, for places with two sides."""
        if not order_lines and not loose.products:
            return {}
        for model in ("layer", "adjustment", "consumption"):
            self.env[f"wms.cost.{model}"].flush_model()
        self.env.cr.execute(
            SQL(
                _BOTH_SIDES,
                lines=order_lines.ids,
                products=loose.products.ids,
                vendors=loose.vendors.ids,
                company=self.env.company.id,
            )
        )
        return {
            line or ("vendor", product, vendor): even
            for line, product, vendor, even in self.env.cr.fetchall()
        }

    def _net_found(self, found, entry):
        lines = self.env["purchase.order.line"].browse(
            [place for place in found if isinstance(place, int)]
        )
        goods = [place[1:] for place in found if not isinstance(place, int)]
        products = self.env["product.product"].browse([product for product, _vendor in goods])
        vendors = self.env["res.partner"].browse([vendor for _product, vendor in goods])
        matching = self._matching_of(
            lines, lines.product_id | products, entry, Loose(products, vendors)
        )
        analytic = {line.id: line.analytic_distribution for line in lines}
        for place, even in found.items():
            matching.entry.analytic = analytic.get(place)
            self._net_place(place, matching, even)
        self._finish_document(matching)

    def _net_place(self, place, matching, even):
        rows = self.env["wms.cost.adjustment"]
        layers = matching.unbilled.get(place, self.env["wms.cost.layer"])
        waiting = matching.waiting.get(place, rows).sorted("id")
        owed = matching.owed.get(place, rows)
        back = matching.refundable.get(place, self.env["wms.cost.consumption"])
        for pair in self._pairs(matching, (layers, "unbilled"), (waiting, "open")):
            row = waiting.browse(pair.right_key)
            self._bill_units(row, layers.browse(pair.left_key), pair, matching)
        for pair in self._pairs(matching, (back, "refundable"), (owed, "open")):
            self._refund_units(owed.browse(pair.right_key), pair, "consumption_id", matching)
        for pair in self._pairs(matching, (waiting, "open"), (owed, "open")):
            self._refund_units(owed.browse(pair.right_key), pair, "origin_id", matching)
        if even:
            for pair in self._pairs(matching, (layers, "unbilled"), (back, "refundable")):
                self._exchange_units(pair, matching)

    def _pairs(self, matching, left, right):
        """Match two open sides and take the units off both of them."""
        pairs = corrections.match(*(self._open_side(matching, *side) for side in (left, right)))
        for pair in pairs:
            for (rows, name), key, value in (
                (left, pair.left_key, pair.left),
                (right, pair.right_key, pair.right),
            ):
                row = rows.browse(key)
                sign = -1 if row[f"{name}_qty"] < 0 else 1
                matching.change(row, name, -sign * pair.qty, -sign * value)
        return pairs

    def _open_side(self, matching, rows, name):
        """The open units of records; what is open below zero counts as well."""
        return [
            Open(one.key, abs(one.qty), one.value if one.qty > 0 else -one.value)
            for one in matching.open_of(rows, name)
            if one.qty
        ]

    def _bill_units(self, row, layer, pair, matching):
        """Units billed before they came (``row``) meet a receipt."""
        split = self._correct_layer(layer, pair.difference, matching)
        matching.add(
            row,
            "bill",
            pair.qty,
            bill_line_id=row.bill_line_id.id,
            layer_id=layer.id,
            received_value=pair.left,
            billed_value=pair.right,
            on_hand=split.on_hand,
            consumed=split.consumed,
        )

    def _refund_units(self, row, pair, link, matching):
        """Units paid back too much (``row``) meet goods sent back or billed too much."""
        self._post_variance(row.product_id, pair.difference, matching)
        matching.add(
            row,
            "refund",
            pair.qty,
            bill_line_id=row.bill_line_id.id,
            received_value=pair.left,
            billed_value=pair.right,
            consumed=-pair.difference,
            **{link: pair.left_key},
        )

    def _exchange_units(self, pair, matching):
        """Goods sent back after their bill came again: they cost what was paid for them."""
        layer = self.env["wms.cost.layer"].browse(pair.left_key)
        split = self._correct_layer(layer, pair.difference, matching)
        matching.add(
            layer,
            "exchange",
            pair.qty,
            bill_line_id=False,
            layer_id=layer.id,
            consumption_id=pair.right_key,
            received_value=pair.left,
            billed_value=pair.right,
            on_hand=split.on_hand,
            consumed=split.consumed,
        )
