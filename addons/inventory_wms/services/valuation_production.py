"""Manufacturing: components become work in progress, finished goods come out of it at cost.

Needs nothing of the manufacturing add-ons; what they add to a stock move is used when it is
there.  Core sets the price of finished goods from the cost of their components (which are
costed first), work centres and by-products' shares; this module posts what core posts only
for *Perpetual (at invoicing)*, and sees to it that the last cent leaves work in progress.
"""

from fractions import Fraction

from odoo import models
from odoo.exceptions import UserError

from ..engine.cost_layers import round_half_up, share, spread_over


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _production_handlers(self):
        return {"consumed": self._cost_consumed, "produced": self._cost_produced}

    def _refuse_production(self, move):
        """Refuse what manufacturing does beyond making goods of components.

        :raises UserError: with what to do instead
        """
        if _linked(move, "unbuild_id") or _linked(move, "consume_unbuild_id"):
            raise UserError(
                self.env._(
                    "%(product)s is costed at movement, where an unbuild order can't share the "
                    "cost yet. Scrap the finished goods, and count their components in.",
                    product=move.product_id.display_name,
                )
            )
        subcontracted = "is_subcontract" in move._fields and (
            move.is_subcontract or any(move.move_dest_ids.mapped("is_subcontract"))
        )
        if subcontracted:
            raise UserError(
                self.env._(
                    "%(product)s is costed at movement, which does not cover subcontracting yet. "
                    "Give its category %(category)s the valuation 'Perpetual (at invoicing)', or "
                    "ship the components and buy the goods by separate orders.",
                    product=move.product_id.display_name,
                    category=move.product_id.categ_id.display_name,
                )
            )

    def _wip_account(self, event, product):
        """Where the cost of components waits: the production location's account, else the
        category's or the company's; the expense account when the finished goods keep no cost.

        :raises UserError: when there is none: where to set it
        """
        if event.far.valuation_account_id:
            return event.far.valuation_account_id
        made = _linked(event.move, "raw_material_production_id")
        if made and not made.product_id._wms_costed():
            return made.product_id._get_product_accounts()["expense"]
        category = product.categ_id
        own = "property_stock_account_production_cost_id"
        account = category[own] if own in category._fields else None
        account = account or self.env.company.account_production_wip_account_id
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account for work in progress. Set one on the location "
                    "%(location)s, on the category %(category)s, or for the company in the "
                    "accounting settings.",
                    company=self.env.company.name,
                    location=event.far.display_name,
                    category=category.display_name,
                )
            )
        return account

    def _cost_consumed(self, book, event, facts):
        """Dr work in progress, Cr stock; what is missing is variance once its cost is known."""
        wip, variance = (
            self._wip_account(event, book.product),
            self._account(book.product, "variance"),
        )
        taken, missing = book.issue(event, wip, variance)
        event.value = taken + missing
        event.entry.post(wip, self._stock_account(book), book.product, event.value)

    def _cost_produced(self, book, event, facts):
        """Dr stock, Cr work in progress: components, work and by-products' shares."""
        move, wip = event.move, self._wip_account(event, book.product)
        order = _linked(move, "production_id")
        main = order and move.product_id == order.product_id
        if not order:
            event.value = self._round(self._current_cost(book), event.qty)
        else:
            if main and move not in facts.making:
                self._post_work(book, event, order, wip)
            event.value = self._made_value(event, order if main else None, facts)
        made, event.value = event.value, self._stock_value(book, event.qty, event.value)
        book.receive(event, event.value, {"kind": "production"})
        self._post_receipt(book, event, wip)
        variance = self._account(book.product, "variance")
        event.entry.post(variance, wip, book.product, made - event.value)

    def _made_value(self, event, order, facts):
        """The event's part of its move's cost; one move may bring several lots.

        :param order: given for the finished goods: they take the whole cost less what by-products
            take, so that no cent stays behind
        """
        move, numbers = event.move, facts.numbers
        if move not in facts.making:
            made = order.move_finished_ids if order else move
            made = made.filtered(lambda other: other.state == "done")
            costs = {
                other: numbers.fraction(other.price_unit) * Fraction(_units(other, numbers))
                for other in made
            }
            others = sum(round_half_up(cost) for other, cost in costs.items() if other != move)
            whole = round_half_up(sum(costs.values(), Fraction(0))) - others
            facts.making[move] = (_units(move, numbers), whole)
        qty, value = facts.making[move]
        part = share(value, event.qty, qty)
        facts.making[move] = (qty - event.qty, value - part)
        return part

    def _post_work(self, book, event, order, wip):
        """Dr work in progress, Cr expenses: what went into the goods beside components of ours."""
        numbers = book.numbers
        raw = order.move_raw_ids.filtered(lambda move: move.state == "done")
        ours = raw._wms_costed()
        foreign = (raw - ours).filtered(lambda move: not move.account_move_id)
        weights = {}

        def add(account, amount):
            weights[account] = weights.get(account, 0) + numbers.fraction(amount)

        expense = book.product._get_product_accounts()["expense"]
        for move in foreign:
            add(move.product_id._get_product_accounts()["expense"] or expense, move.value)
        for work in order.workorder_ids if "workorder_ids" in order._fields else ():
            add(_linked(work.workcenter_id, "expense_account_id") or expense, work._cal_cost())
        if "extra_cost" in order._fields:
            overhead = self.env.company.account_production_wip_overhead_account_id
            add(overhead or expense, order.extra_cost * float(_units(event.move, numbers)))
        weights = {account: weight for account, weight in weights.items() if weight > 0}
        if not weights:
            return
        total = round_half_up(sum(weights.values(), Fraction(0)))
        shares = [numbers.qty(float(weight)) for weight in weights.values()]
        for account, value in zip(weights, spread_over(total, shares), strict=True):
            event.entry.post(wip, account, book.product, value)


def _units(move, numbers):
    """Done units of a move in the product's unit."""
    units = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False)
    return numbers.qty(units)


def _linked(record, name):
    """A many2one of an add-on that may not be installed; empty without it."""
    return record[name] if name in record._fields else None
