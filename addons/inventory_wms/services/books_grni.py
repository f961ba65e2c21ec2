"""Write-off of what is open on goods received, not invoiced: the entry, and the rows closed."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .valuation_numbers import Entry, Numbers

#: what a line points at -> its fields of open units and value, and whether we owe it
_SOURCES = {
    "layer_id": ("unbilled_qty", "unbilled_value", 1),
    "adjustment_id": ("open_qty", "open_value", -1),
    "consumption_id": ("refundable_qty", "refundable_value", -1),
}


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    def _write_off(self, request):
        """Post one entry per vendor and close the items.

        :param request: ``wms.grni.writeoff``
        :return: ``wms.cost.posting``
        :raises UserError: an item is not open as it was when the write-off was asked for
        """
        numbers = Numbers.of(self.env)
        self._lock_products(request.line_ids.product_id)
        entries, rows = {}, []
        for line in request.line_ids:
            entry = entries.setdefault(line.partner_id, self._write_off_entry(request, line))
            rows.append(self._write_off_line(line, entry, request.account_id, numbers))
        postings = self.env["wms.valuation"]._create_postings(entries.values())
        self.env["wms.cost.adjustment"].create(
            [row | {"posting_id": postings[row.pop("entry_key")].id} for row in rows]
        )
        return self.env["wms.cost.posting"].union(*postings.values())

    def _lock_products(self, products):
        """Let no bill or receipt of these products come in between."""
        self._flush()
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM wms_cost_total
                 WHERE company_id = %s AND product_id = ANY(%s) ORDER BY product_id, id FOR UPDATE
                """,
                self.env.company.id,
                products.ids,
            )
        )

    def _write_off_entry(self, request, line):
        return Entry(
            key=f"writeoff:{request.id}:{line.partner_id.id or 0}",
            event="writeoff",
            reference=self.env._(
                "%(name)s: %(reason)s", name=request.display_name, reason=request.reason
            ),
            date=request.date,
            partner=line.partner_id.commercial_partner_id,
        )

    def _write_off_line(self, line, entry, account, numbers):
        """Close one item; return its adjustment row."""
        link = next(name for name in _SOURCES if line[name])
        qty_name, value_name, sign = _SOURCES[link]
        source = line[link]
        qty, value = numbers.qty(source[qty_name]), numbers.minor(source[value_name])
        if qty != numbers.qty(line.qty) or value * sign != numbers.minor(line.value):
            raise UserError(
                self.env._(
                    "%(product)s: %(qty)s units are open now, not %(asked)s. Refuse this write-off "
                    "and ask anew.",
                    product=line.product_id.display_name,
                    qty=qty,
                    asked=line.qty,
                )
            )
        grni = self.env["wms.valuation"]._account(line.product_id, "grni")
        entry.post(grni, account, line.product_id, value * sign)
        source.write({qty_name: 0, value_name: 0})
        if link == "layer_id":
            source.written_off_qty = float(numbers.qty(source.written_off_qty) + qty)
        return {
            "company_id": self.env.company.id,
            "product_id": line.product_id.id,
            "kind": "writeoff",
            "qty": float(qty),
            "received_value": numbers.amount(value * sign),
            "layer_id": line.layer_id.id or line.consumption_id.layer_id.id,
            "consumption_id": line.consumption_id.id,
            "purchase_line_id": (
                line.layer_id.purchase_line_id
                or line.adjustment_id.purchase_line_id
                or line.consumption_id.move_id.purchase_line_id
            ).id,
            "origin_id": line.adjustment_id.id,
            "entry_key": entry.key,
        }
