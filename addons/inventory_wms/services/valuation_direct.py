"""Goods that pass our stock by: the vendor ships them to the customer, or where they are used up.

They never are in a pool.  A layer of kind ``direct`` is received and issued in one go, so that
the vendor's bill, the invoice and the trace find the same rows as for goods of our own stock:
Dr cost of goods sold, Cr goods received, not invoiced.  A bill at another price is variance.
"""

from odoo import models
from odoo.exceptions import UserError

from ..engine.cost_layers import ZERO, share

#: (usage of the source, usage of the target) -> event, neither side being our stock
OUTSIDE = {
    ("supplier", "customer"): "dropship",
    ("supplier", "inventory"): "direct_loss",
    ("supplier", "production"): "direct_use",
    ("customer", "supplier"): "dropship_return",
}
#: nothing of ours moves: goods that were expensed when they left
_SILENT = {("customer", "inventory")}
DIRECT = ("dropship", "direct_loss", "direct_use")


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _direct_handlers(self):
        return {
            "dropship": self._cost_dropship,
            "direct_loss": self._cost_direct,
            "direct_use": self._cost_direct,
            "dropship_return": self._cost_dropship_return,
        }

    def _outside_kind(self, line):
        """The event of a line whose two sides are not our stock; empty when it means nothing.

        A location between companies stands for the vendor or the customer, as in core.

        :raises UserError: for a way that goods of ours can't take
        """
        sides = [line.location_id, line.location_dest_id]
        usages = [
            usage if side.usage == "transit" and not side.company_id else side.usage
            for side, usage in zip(sides, ("supplier", "customer"), strict=True)
        ]
        if line.move_id._is_dropshipped_returned():
            usages = ["customer", "supplier"]
        if sides[0].usage == sides[1].usage or tuple(usages) in _SILENT:
            return ""
        kind = OUTSIDE.get(tuple(usages))
        if not kind:
            raise UserError(
                self.env._(
                    "%(product)s goes from %(start)s to %(end)s without passing your stock, "
                    "so its cost is unknown. Move it into the stock first, then out of it.",
                    product=line.product_id.display_name,
                    start=sides[0].display_name,
                    end=sides[1].display_name,
                )
            )
        return kind

    def _cost_dropship(self, book, event, facts):
        """Dr cost of goods sold (or shipped, not invoiced), Cr goods received, not invoiced."""
        cogs = self._account(book.product, "cogs")
        line = event.move.sale_line_id
        shipped = None
        if line.product_id == book.product:  # a kit is invoiced in other units
            shipped = self._account(book.product, "shipped", required=False)
        row = self._pass_through(book, event, facts, shipped or cogs)
        if shipped:
            ahead = facts.ahead.get(line.id, ZERO)
            left = self._wait_for_invoice(book, event, row, ahead, (cogs, shipped))
            facts.ahead[line.id] = left

    def _cost_direct(self, book, event, facts):
        """Dr count differences (or work in progress), Cr goods received, not invoiced."""
        account = self._far_account(event, book)
        if event.kind == "direct_use":
            account = self._wip_account(event, book.product)
        self._pass_through(book, event, facts, account)

    def _pass_through(self, book, event, facts, account):
        """Receive and issue in one go; return the row of the consumption."""
        consumed = []

        def pass_by(event, value, vals):
            key, row = book.pass_by(event, value, vals, account)
            consumed.append(row)
            return key

        self._bring(book, event, facts, pass_by)
        grni = self._account(book.product, "grni")
        event.entry.post(account, grni, book.product, event.value)
        return consumed[0]

    def _cost_dropship_return(self, book, event, facts):
        """Dr goods received, not invoiced, Cr cost of goods sold: at what they had cost."""
        numbers, product = facts.numbers, book.product
        parts = self._last_out(event.move.origin_returned_move_id, book, event, facts)
        if sum((part.qty for part, _row in parts), ZERO) < event.qty:
            raise UserError(
                self.env._(
                    "%(product)s goes back from the customer to the vendor, but %(reference)s "
                    "does not say which delivery it was part of. Use Return on that delivery.",
                    product=product.display_name,
                    reference=event.move.reference,
                )
            )
        grni, cogs = self._account(product, "grni"), self._account(product, "cogs")
        for part, row in parts:
            opened = self._open_for_vendor(row, part, numbers)
            shipped = self._take_uninvoiced(row, part.qty, numbers)
            row.returned_qty = float(numbers.qty(row.returned_qty) + part.qty)
            row.returned_value = numbers.amount(numbers.minor(row.returned_value) + part.value)
            event.entry.post(grni, row.account_id, product, shipped)
            event.entry.post(grni, cogs, product, part.value - shipped)
            variance = self._account(product, "variance")
            event.entry.post(grni, variance, product, opened - part.value)
            event.value += part.value

    def _open_for_vendor(self, row, part, numbers):
        """Units go back: not to be billed any more, or waiting for the refund; their amount."""
        layer = row.layer_id
        unbilled = numbers.qty(layer.unbilled_qty)
        qty = min(unbilled, part.qty)
        value = share(numbers.minor(layer.unbilled_value), qty, unbilled) if qty else 0
        if qty:
            layer.unbilled_qty = float(unbilled - qty)
            layer.unbilled_value = numbers.amount(numbers.minor(layer.unbilled_value) - value)
            layer.cleared_qty = float(numbers.qty(layer.cleared_qty) + qty)
        rest = part.qty - qty
        if not rest:
            return value
        waiting = share(part.value, rest, part.qty)
        row.refundable_qty = float(numbers.qty(row.refundable_qty) + rest)
        row.refundable_value = numbers.amount(numbers.minor(row.refundable_value) + waiting)
        return value + waiting
