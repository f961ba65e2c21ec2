"""What a switch of the costing does to one product: its preview, from the facts alone.

Three ways: *enter* costing at movement (opening layers, open documents, the difference
between ledger and layers), *inside* it (layers at other values, another method), *leave* it
(layers closed, the ledger at Odoo's own report).  All money in minor units.
"""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine import opening
from ..engine.cost_layers import METHODS, ZERO, CostError, share, spread_over
from .valuation_numbers import AS_CORE, Numbers
from .valuation_opening import Goods
from .valuation_recost import Refused

PERPETUAL = "perpetual_move"


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _preview_opening(self, lines):
        """Fill lines of one opening with what the switch does to their products."""
        job = lines.opening_id
        numbers = Numbers.of(self.env)
        plan = {
            "enter": self._plan_entering,
            "inside": self._plan_inside,
            "leave": self._plan_leaving,
        }[job.direction]
        products = lines.product_id.with_company(self.env.company)
        facts = self._opening_facts(job, products, numbers)
        for line in lines:
            goods = facts[line.product_id.id]
            try:
                vals = plan(job, line, goods, numbers)
            except (Refused, CostError) as reason:
                vals = {"state": "refused", "reason": str(reason), "plan": False}
            line.write(self._line_values(goods, numbers) | vals)

    def _opening_facts(self, job, products, numbers):
        if job.direction != "enter":
            return {product.id: self._goods_in_books(product, numbers) for product in products}
        goods = self._read_goods(products, numbers)
        for product in products:
            goods[product.id].report = numbers.minor(product.total_value)
        if job.source != "history":
            self._read_receipts(goods, numbers)
        self._read_documents(goods, numbers)
        return goods

    def _goods_in_books(self, product, numbers):
        """The facts of a product that is costed at movement already."""
        totals = self._totals_of(product)
        value = sum(numbers.minor(total.value) for total in totals)
        return Goods(
            product,
            sum((numbers.qty(total.qty) for total in totals), ZERO),
            value,
            value,
            str(sum(totals.mapped("version"))),
        )

    def _totals_of(self, product):
        return self.env["wms.cost.total"].search(
            [("company_id", "=", self.env.company.id), ("product_id", "=", product.id)]
        )

    def _line_values(self, goods, numbers):
        return {
            "state": "ready",
            "reason": False,
            "qty": float(goods.qty),
            "value_report": numbers.amount(goods.report),
            "value_ledger": numbers.amount(goods.ledger),
            "fingerprint": goods.fingerprint,
        }

    # ------------------------------------------------------------------------ enter
    def _plan_entering(self, job, line, goods, numbers):
        """Opening layers and the entry that makes the ledger equal them.

        :raises Refused: when the stock is not in a state to be opened
        """
        self._check_stock(goods)
        remarks = {}
        if job.source == "history":
            remarks = self._replay_history(job, goods, numbers)
        opened = self._opened_layers(job, line, goods, numbers)
        value = sum(layer.value for layer in opened)
        dealt = opening.divide(opened, list(goods.places.values()))
        by_place = dict(zip(goods.places, dealt, strict=True))
        plan = {
            "layers": [
                {"move": row.key, "qty": str(row.qty), "value": row.value, "place": place}
                for place, rows in by_place.items()
                for row in rows
            ],
            **self._plan_orders(goods, opened),
            "shipped": [],
        }
        balances = defaultdict(int)
        self._take_over_stock(job, goods, by_place, balances)
        open_values = self._open_balances(job, goods, plan, balances)
        difference = -sum(balances.values())
        balances[job.account_id.id] += difference
        plan["balances"] = {str(key): amount for key, amount in balances.items() if amount}
        return {
            "value_after": numbers.amount(value),
            "difference": numbers.amount(difference),
            "plan": plan,
            **{name: numbers.amount(amount) for name, amount in open_values.items()},
            **remarks,
        }

    def _check_stock(self, goods):
        """Refuse stock that layers can't stand for.

        :raises Refused: with what to do first
        """
        if goods.qty < 0 or any(units < 0 for units in goods.places.values()):
            raise Refused(self.env._("units are missing on the shelves: count the product first"))
        if goods.product.lot_valuated:
            raise Refused(self.env._("is valued by lot: count it out before and in again after"))

    def _opened_layers(self, job, line, goods, numbers):
        """The layers to open, by the source that the accountant chose."""
        if not goods.qty:
            return []
        unit = None
        if job.source == "given":
            unit = numbers.fraction(line.given_cost)
        elif job.cost_flow == "standard":
            unit = numbers.fraction(goods.product.standard_price)
        if unit is not None:
            return opening.at_one_cost(goods.stacks, self._round(unit, goods.qty))
        own_cost = job.source in ("receipts", "history") or goods.product.cost_method == "fifo"
        if own_cost:
            return opening.at_own_cost(goods.stacks)
        return opening.at_one_cost(goods.stacks, goods.report)

    def _replay_history(self, job, goods, numbers):
        """Replay all done moves; return the remarks on how and why the values differ."""
        moves = self._read_history(goods.product, numbers)
        method = job.cost_flow if job.cost_flow in METHODS else "fifo"
        replayed = opening.replay_moves(method if method != "standard" else "fifo", moves)
        unit = self._unit(goods, numbers)
        goods.stacks = opening.fit(replayed.stacks, goods.qty, unit)
        value = replayed.outcome.pool.value
        reasons = []
        if replayed.outcome.pool.qty != goods.qty:
            reasons.append(self.env._("the moves do not add up to what is on hand"))
        if replayed.was_negative:
            reasons.append(self.env._("left before it was received"))
        if replayed.backdated:
            reasons.append(self.env._("%s moves were backdated", replayed.backdated))
        if replayed.without_cost:
            reasons.append(self.env._("%s receipts have no cost", replayed.without_cost))
        if value != goods.report and not reasons:
            small = abs(value - goods.report) <= len(moves)
            reasons.append(
                self.env._("rounding") if small else self.env._("another method, or later bills")
            )
        different = value != goods.report or value != goods.ledger
        return {
            "value_replay": numbers.amount(value),
            "remarks": ", ".join(reasons) if different else False,
        }

    def _plan_orders(self, goods, opened):
        """Open rows of purchase lines: on the layers, on closed layers, or billed in advance."""
        room = {layer.key: layer.qty for layer in opened if layer.key}
        unbilled, closed, ahead = [], [], []
        for order in goods.orders:
            if order.ahead:
                ahead.append(
                    {
                        "line": order.line.id,
                        "bill": order.bill_line_id,
                        "qty": str(order.ahead),
                        "value": order.value,
                    }
                )
            values = spread_over(order.value, [units for _move, units in order.unbilled])
            for (move, units), value in zip(order.unbilled, values, strict=True):
                on_hand = min(units, room.get(move, ZERO))
                room[move] = room.get(move, ZERO) - on_hand
                worth = share(value, on_hand, units) if on_hand else 0
                row = {"move": move, "line": order.line.id}
                unbilled.append(row | {"qty": str(on_hand), "value": worth})
                closed.append(row | {"qty": str(units - on_hand), "value": value - worth})
        unbilled = [row for row in unbilled if parse(row["qty"])]
        closed = [row for row in closed if parse(row["qty"])]
        return {"unbilled": unbilled, "closed": closed, "ahead": ahead}

    def _take_over_stock(self, job, goods, by_place, balances):
        """Dr the stock accounts at the layers' value, Cr the old one at what it carries."""
        old = self._account(goods.product, "valuation")
        new = job.stock_account_id or old
        for place, rows in by_place.items():
            own = self.env["stock.location"].browse(place).wms_stock_account_id if place else None
            balances[(own or new).id] += sum(row.value for row in rows)
        balances[old.id] -= goods.report if job.stock_account_id else goods.ledger

    def _open_balances(self, job, goods, plan, balances):
        """Balances of documents half way; return them per name for the preview."""
        product = goods.product
        grni = self._account(product, "grni")
        unbilled = sum(order.value for order in goods.orders if not order.ahead)
        ahead = sum(order.value for order in goods.orders if order.ahead)
        balances[grni.id] += ahead - unbilled
        shipped = self._account(product, "shipped", required=False)
        cogs = self._account(product, "cogs")
        delivered = early = 0
        for sale in goods.sales:
            if sale.waiting and (shipped or job.was == "real_time"):
                delivered += sale.value
                balances[(shipped or cogs).id] += sale.value
                if shipped:
                    plan["shipped"] += self._waiting_values(sale)
            elif sale.ahead and job.was == "real_time":
                early += sale.value
                balances[cogs.id] -= sale.value
        return {
            "unbilled_value": unbilled,
            "prebilled_value": ahead,
            "shipped_value": delivered,
            "preinvoiced_value": early,
        }

    def _waiting_values(self, sale):
        units = [qty for _move, qty in sale.waiting]
        values = spread_over(sale.value, units)
        return [
            {"move": move, "qty": str(qty), "value": value}
            for (move, qty), value in zip(sale.waiting, values, strict=True)
        ]

    # ----------------------------------------------------------------------- inside
    def _plan_inside(self, job, line, goods, numbers):
        """Layers at their values under the other method; nothing is written yet."""
        balances = defaultdict(int)
        for total in self._totals_of(goods.product):
            values = self._layer_values_after(job, line, total, numbers)
            missing = numbers.minor(self._provisional_value(total))
            change = sum(values.values()) - missing - numbers.minor(total.value)
            balances[self._recost_stock_account(total).id] += change
        return self._difference_of(job, goods, balances, numbers)

    def _difference_of(self, job, goods, balances, numbers):
        """Values of a line whose stock accounts change by ``balances``, balanced by the job's."""
        change = sum(balances.values())
        balances[job.account_id.id] -= change
        return {
            "value_after": numbers.amount(goods.report + change),
            "difference": numbers.amount(-change),
            "plan": {"balances": {str(key): row for key, row in balances.items() if row}},
        }

    def _layer_values_after(self, job, line, total, numbers):
        """Layer id -> its value after the switch (minor units), for the open layers of a pool.

        :raises Refused: units are missing and would be worth something else
        """
        layers = self.env["wms.cost.layer"].search(
            [("total_id", "=", total.id), ("remaining_qty", ">", 0)], order="id"
        )
        own = {layer.id: numbers.minor(layer.remaining_value) for layer in layers}
        units = [numbers.qty(layer.remaining_qty) for layer in layers]
        if job.source == "given" or job.cost_flow == "standard":
            cost = line.given_cost if job.source == "given" else total.product_id.standard_price
            worth = self._round(numbers.fraction(cost), sum(units, ZERO))
        elif job.source == "receipts":
            return own
        else:  # the value stays: what the average has kept apart goes to the layers
            worth = numbers.minor(total.value) + numbers.minor(self._provisional_value(total))
            if worth == sum(own.values()):
                return own
        if self._provisional_value(total):
            raise Refused(self.env._("units are missing on the shelves: count the product first"))
        return dict(zip(own, spread_over(worth, units), strict=True)) if units else own

    def _provisional_value(self, total):
        rows = self.env["wms.cost.deficit"].search(
            [("total_id", "=", total.id), ("open_qty", ">", 0)]
        )
        return sum(rows.mapped("open_value"))

    # ------------------------------------------------------------------------ leave
    def _plan_leaving(self, job, line, goods, numbers):
        """Layers closed; the ledger at what Odoo's own report will say.

        :raises Refused: when rows are open that only our documents can close
        """
        if goods.qty < 0:
            raise Refused(self.env._("units are missing on the shelves: count the product first"))
        waiting = self._open_rows(goods.product, job.valuation)
        if waiting:
            raise Refused(", ".join(waiting))
        after = numbers.minor(self._core_value(job, line, goods))
        return self._difference_of(
            job, goods, self._leaving_balances(goods.product, after, numbers), numbers
        )

    def _leaving_balances(self, product, after, numbers):
        """Stock accounts: what the pools were worth goes, what Odoo reports comes."""
        balances = defaultdict(int)
        for total in self._totals_of(product):
            balances[self._recost_stock_account(total).id] -= numbers.minor(total.value)
        balances[self._account(product, "valuation").id] += after
        return balances

    def _core_value(self, job, line, goods):
        """What Odoo's report says of a product once it computes it itself."""
        product = goods.product.with_context(wms_as_core=AS_CORE)
        qty = float(goods.qty)
        if job.cost_flow == "standard" or job.source == "given":
            cost = line.given_cost if job.source == "given" else product.standard_price
            return cost * qty
        if job.cost_flow == "average":
            return product._run_avco()[1]
        return product._run_fifo(qty) if qty else 0.0

    def _open_rows(self, product, valuation=False):
        """What waits for a document, one sentence each; empty when nothing does."""
        self.env.cr.execute(
            SQL(
                """
                SELECT 'unbilled', string_agg(DISTINCT purchase.name, ', ')
                  FROM wms_cost_layer layer
                  LEFT JOIN purchase_order_line line ON line.id = layer.purchase_line_id
                  LEFT JOIN purchase_order purchase ON purchase.id = line.order_id
                 WHERE layer.company_id = %(company)s AND layer.product_id = %(product)s
                   AND layer.unbilled_qty > 0 AND layer.unbilled_value <> 0
                HAVING count(*) > 0
             UNION ALL
                SELECT 'billed', string_agg(DISTINCT bill.name, ', ')
                  FROM wms_cost_adjustment row
                  LEFT JOIN account_move_line line ON line.id = row.bill_line_id
                  LEFT JOIN account_move bill ON bill.id = line.move_id
                 WHERE row.company_id = %(company)s AND row.product_id = %(product)s
                   AND row.open_qty <> 0
                HAVING count(*) > 0
             UNION ALL
                SELECT CASE WHEN row.refundable_qty > 0 THEN 'refund' ELSE 'invoice' END,
                       string_agg(DISTINCT move.reference, ', ')
                  FROM wms_cost_consumption row JOIN stock_move move ON move.id = row.move_id
                 WHERE row.company_id = %(company)s AND row.product_id = %(product)s
                   AND (row.refundable_qty > 0 OR row.uninvoiced_qty > 0)
                 GROUP BY 1
                """,
                company=self.env.company.id,
                product=product.id,
            )
        )
        says = {
            "unbilled": self.env._("received and not billed"),
            "billed": self.env._("billed and not received"),
            "refund": self.env._("sent back and not refunded"),
            "invoice": self.env._("delivered and not invoiced"),
        }
        return [f"{says[kind]}: {names or '?'}" for kind, names in self.env.cr.fetchall()]


def parse(text) -> Decimal:
    """A quantity kept as text in a plan."""
    return Decimal(text)
