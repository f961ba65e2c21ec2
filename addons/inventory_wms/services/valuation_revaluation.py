"""Goods on hand get another value by decision: revaluation, write-down, its reversal.

The decision is kept as ``wms.cost.revaluation``; its amount is spread over the open layers of
each pool (engine/cost_revaluation.py), so what leaves later leaves at the new cost, and posted
between stock and the revaluation account.  Goods that are missing keep their provisional cost
until their receipt.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import cost_revaluation
from ..engine.cost_layers import ZERO, CostError
from ..engine.cost_revaluation import Revaluation
from .valuation_numbers import Entry, Numbers

_ALL = Decimal("Infinity")


@dataclass
class Wish:
    """What goods of one pool shall be worth.

    ``total``: ``wms.cost.total``; ``layers``: only these (empty: all open ones); ``cost``: of one
    unit, exact minor units; or ``amount``: change of the value, minor units.
    """

    total: object
    layers: object
    cost: Fraction | None = None
    amount: int | None = None


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _new_document(self, kind, reason, date=None, account=None):
        """Record a decision; its user is who acts, also where the code runs as superuser."""
        return self.env["wms.cost.revaluation"].create(
            {
                "company_id": self.env.company.id,
                "kind": kind,
                "reason": reason,
                "date": date or fields.Date.context_today(self),
                "account_id": account.id if account else False,
                "user_id": self.env.uid,
            }
        )

    def _revaluation_entry(self, document):
        return Entry(
            key=f"revaluation:{document.id}",
            event="revaluation",
            reference=f"{document.name} {document.reason}",
            date=document.date,
            links={"revaluation_id": document.id},
        )

    @api.model
    def _change_values(self, document, wishes):
        """Give goods on hand another value and post the difference.

        :param document: ``wms.cost.revaluation`` that says why
        :param wishes: list of :class:`Wish`, all of the document's company
        :raises UserError: for amounts that the goods can't bear
        """
        service = self.with_company(document.company_id)
        standard = service._standard_costs(document, wishes)
        numbers = Numbers.of(service.env)
        needs = {}
        for wish in wishes:
            key = service._pool_of(wish.total)
            qty, named = needs.get(key, (ZERO, ()))
            needs[key] = (qty if wish.layers else _ALL, named + tuple(wish.layers.ids))
        books = service._open_books(numbers, needs)
        losses = service._losses(books) if document.kind == "write_up" else {}
        entry = service._revaluation_entry(document)
        for wish in wishes:
            book = books[service._pool_of(wish.total)]
            after = service._revaluation(document, book, wish, losses)
            service._apply(after, book, document, entry)
        service._finish_changes(books, [entry], numbers)
        for product, cost in standard.items():
            service._set_cost(product, float(cost) * numbers.rounding)

    def _standard_costs(self, document, wishes):
        """product -> its new standard cost (exact minor units), for goods at standard cost.

        :raises UserError: when a wish would leave them at anything but one cost per unit
        """
        at_standard = [w for w in wishes if w.total.product_id._wms_cost_flow() == "standard"]
        costs = {wish.total.product_id: wish.cost for wish in at_standard if not wish.total.lot_id}
        for wish in at_standard:
            product = wish.total.product_id
            same = wish.total.lot_id or costs[product] == wish.cost
            whole = wish.cost is not None and not wish.layers and same
            if not whole or document.kind not in ("revaluation", "price"):
                raise UserError(
                    self.env._(
                        "%s is kept at standard cost: all of it has one cost per unit. Choose "
                        "'Revaluation' by unit cost, the same for all its lines.",
                        product.display_name,
                    )
                )
        return costs

    def _revaluation(self, document, book, wish, losses):
        """What the engine makes of a wish.

        :raises UserError: when layers left meanwhile, or more is reversed than was written down
        """
        pool, keys = book.pool, wish.layers.ids
        try:
            if document.kind == "write_down":
                return self._lower(pool, wish, keys)
            if document.kind == "write_up":
                return self._lift(pool, wish, keys, losses)
            if wish.cost is not None:
                return cost_revaluation.reprice(pool, wish.cost, keys)
            return cost_revaluation.revalue(pool, wish.amount, keys)
        except CostError as error:
            raise UserError(
                self.env._(
                    "%(product)s can't take this change: %(reason)s. Open the form again to see "
                    "what is on hand now.",
                    product=book.product.display_name,
                    reason=error,
                )
            ) from error

    def _lower(self, pool, wish, keys):
        """A write-down to a unit cost, or by an amount, which stands for the unit cost it means."""
        if wish.cost is not None:
            return cost_revaluation.write_down(pool, wish.cost, keys)
        _layers, qty, value = cost_revaluation.chosen(pool, keys)
        cost = Fraction(value + wish.amount) / Fraction(qty) if qty else Fraction(0)
        return cost_revaluation.write_down(pool, max(cost, Fraction(0)), keys)

    def _lift(self, pool, wish, keys, losses):
        layers, qty, value = cost_revaluation.chosen(pool, keys)
        limits = {
            layer.key: cost_revaluation.still_down(losses.get(layer.key, ()), layer.qty)
            for layer in layers
        }
        amount = wish.amount
        if wish.cost is not None:
            wanted = cost_revaluation.round_half_up(wish.cost * Fraction(qty)) - value
            amount = min(max(wanted, 0), sum(limits.values()))
        return cost_revaluation.write_up(pool, amount, limits)

    def _losses(self, books):
        """layer id -> [(loss in minor units, units it was for)] of its write-downs so far."""
        keys = [layer.key for book in books.values() for layer in book.pool.layers]
        rows = self.env["wms.cost.adjustment"].search_fetch(
            [("layer_id", "in", keys), ("kind", "in", ("write_down", "write_up"))],
            ["layer_id", "on_hand", "qty", "company_id"],
        )
        numbers, losses = Numbers.of(self.env), {}
        for row in rows:
            loss = (-numbers.minor(row.on_hand), numbers.qty(row.qty))
            losses.setdefault(row.layer_id.id, []).append(loss)
        return losses

    def _apply(self, after: Revaluation, book, document, entry):
        """Take the engine's answer over into the book, the rows, the moves and the entry."""
        if not after.amount and after.pool == book.pool:
            return
        book.pool = after.pool
        if after.amount < 0:
            self._refuse_below_zero(book)
        numbers = book.numbers
        kind = document.kind if document.kind in ("write_down", "write_up") else "revaluation"
        layers = self.env["wms.cost.layer"].browse([change.layer_key for change in after.changes])
        for layer, change in zip(layers, after.changes, strict=True):
            book.adjust(
                layer.id,
                {
                    "kind": kind,
                    "revaluation_id": document.id,
                    "qty": float(change.qty),
                    "on_hand": numbers.amount(change.amount),
                    "entry_key": entry.key,
                },
            )
            self._add_to_move(layer, change.amount, numbers)
        account = document.account_id or self._account(book.product, "revaluation")
        entry.post(self._stock_account(book), account, book.product, after.amount)

    # -------------------------------------------------------------- cost of a product
    @api.model
    def _reprice_by_hand(self, products, reason):
        """Value goods on hand at the cost that was just written on their products.

        Average and standard cost only; what is missing keeps its provisional cost.

        :raises UserError: for FIFO and LIFO, whose cost comes from their receipts
        """
        stocked = self._products_with_stock(products)
        self._refuse_layered(stocked)
        self._reprice(stocked, {product: product.standard_price for product in stocked}, reason)

    @api.model
    def _reprice_lots_by_hand(self, lots):
        """As :meth:`_reprice_by_hand`, for lots of goods that are valued by lot."""
        stocked = lots.filtered(lambda lot: lot.product_qty)
        self._refuse_layered(stocked.product_id)
        prices = {lot: lot.standard_price for lot in stocked}
        self._reprice(stocked.product_id, prices, self.env._("Cost changed by hand"), stocked)

    def _refuse_layered(self, stocked):
        layered = stocked.filtered(lambda p: p._wms_cost_flow() in ("fifo", "lifo"))
        if layered:
            raise UserError(
                self.env._(
                    "%s has goods on hand, whose cost comes from their receipts. Correct the "
                    "vendor bill, or use Warehouse > Books > Revalue stock.",
                    layered[0].display_name,
                )
            )

    def _check_may_revalue(self, products):
        """Changing what goods on hand are worth posts to the ledger: accountants only.

        :raises AccessError: names a product with goods on hand
        """
        if self.env.su or self.env.user.has_group("inventory_wms.group_accountant"):
            return
        # sudo: who may not read costs gets the same answer as everybody else.
        stocked = self.sudo()._products_with_stock(products)
        if stocked:
            raise AccessError(
                self.env._(
                    "%s has goods on hand, so another cost changes the ledger. Ask somebody with "
                    "the Warehouse role 'Accountant'.",
                    stocked[0].display_name,
                )
            )

    def _reprice(self, products, prices, reason, lots=None):
        """Reprice all pools of products (or of lots), then keep their cost as it was entered.

        :param prices: product or lot -> unit cost (company currency)
        """
        totals = self.env["wms.cost.total"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("product_id", "in", products.ids),
                ("qty", ">", 0),
                *([("lot_id", "in", lots.ids)] if lots else []),
            ]
        )
        if not totals:
            return
        numbers = Numbers.of(self.env)
        none = self.env["wms.cost.layer"]
        wishes = [
            Wish(total, none, numbers.fraction(prices[total.lot_id if lots else total.product_id]))
            for total in totals
        ]
        self._change_values(self._new_document("price", reason), wishes)
        for record, price in prices.items():
            self._set_cost(record, price)
