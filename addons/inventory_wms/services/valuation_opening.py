"""The opening: what is on hand, and what it is worth, before costing is switched.

Facts are read set by set for a chunk of products: units on hand, value per Odoo's report and
per ledger, the receipts that the goods come from, and the documents that are half way
(received and not billed, billed and not received, delivered and not invoiced, and back).
What follows from them: valuation_opening_plan.py; writing it: valuation_opening_write.py.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.tools import SQL

from ..engine import opening
from ..engine.cost_layers import ZERO, round_half_up, share
from ..engine.opening import Moved, Stack


@dataclass
class OpenOrder:
    """A purchase line half way: ``unbilled`` [(move id, units)] or units billed in advance."""

    line: object
    unbilled: list = field(default_factory=list)
    value: int = 0
    ahead: Decimal = ZERO
    bill_line_id: int = 0


@dataclass
class OpenSale:
    """A sale line half way: ``waiting`` [(move id, units)] delivered, or invoiced ``ahead``."""

    line: object
    waiting: list = field(default_factory=list)
    value: int = 0
    ahead: Decimal = ZERO


@dataclass
class Goods:
    """What is known of one product before the switch; money in minor units."""

    product: object
    qty: Decimal = ZERO
    report: int = 0
    ledger: int = 0
    last_move: str = ""
    places: dict = field(default_factory=dict)  # location id (0: none of its own) -> units
    stacks: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    sales: list = field(default_factory=list)

    @property
    def fingerprint(self):
        """Changes whenever goods move or documents are posted."""
        return f"{self.qty}|{self.ledger}|{self.last_move}"


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _read_goods(self, products, numbers):
        """Product id -> :class:`Goods` as a fingerprint needs it: four statements in all."""
        goods = {product.id: Goods(product) for product in products}
        for product, place, qty in self._owned_units(products):
            if units := numbers.qty(qty):
                goods[product].places[place] = units
                goods[product].qty += units
        for product, balance in self._ledger_by_product(products).items():
            goods[product].ledger = numbers.minor(balance)
        for product, move in self._last_moves(products).items():
            goods[product].last_move = move
        return goods

    def _owned_units(self, products):
        """(product id, place id, units) of the company itself in its valued places."""
        self.env["stock.quant"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT quant.product_id, coalesce(place.wms_place_id, 0), sum(quant.quantity)
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                 WHERE quant.product_id = ANY(%(products)s)
                   AND place.company_id = %(company)s
                   AND place.usage IN ('internal', 'transit')
                   AND (quant.owner_id IS NULL OR quant.owner_id = %(partner)s)
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                products=products.ids,
                company=self.env.company.id,
                partner=self.env.company.partner_id.id,
            )
        )
        return self.env.cr.fetchall()

    def _ledger_by_product(self, products):
        """Product id -> balance of its stock account in lines that name the product."""
        self.env["account.move.line"].flush_model()
        balances = {}
        by_account = products.grouped(lambda p: self._account(p, "valuation", required=False))
        for account, some in by_account.items():
            rows = self.env["account.move.line"]._read_group(
                [
                    ("account_id", "=", account.id),
                    ("company_id", "=", self.env.company.id),
                    ("parent_state", "=", "posted"),
                    ("product_id", "in", some.ids),
                ],
                ["product_id"],
                ["balance:sum"],
            )
            balances |= {product.id: balance for product, balance in rows}
        return balances

    def _last_moves(self, products):
        """Product id -> text that changes with every done move, value or manual price."""
        self.env["stock.move"].flush_model()
        self.env["product.value"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT move.product_id, concat_ws('/', max(move.id), count(*), sum(move.value),
                       (SELECT max(price.id) FROM product_value price
                         WHERE price.product_id = move.product_id))
                  FROM stock_move move
                 WHERE move.product_id = ANY(%s) AND move.company_id = %s
                   AND move.state = 'done' AND (move.is_in OR move.is_out)
                 GROUP BY move.product_id
                """,
                products.ids,
                self.env.company.id,
            )
        )
        return dict(self.env.cr.fetchall())

    def _shared_accounts(self, products):
        """Stock accounts of these products with lines that name no product, and other goods."""
        products = products.with_company(self.env.company)
        accounts = self.env["account.account"].union(
            *[self._account(product, "valuation", required=False) for product in products]
        )
        rows = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "=", self.env.company.id),
                ("parent_state", "=", "posted"),
                ("product_id", "=", False),
            ],
            ["account_id"],
            ["balance:sum"],
            having=[("balance:sum", "!=", 0)],
        )
        carrying = self.env["account.account"].union(*[account for account, _sum in rows])
        if not carrying:
            return carrying
        quants = self.env["stock.quant"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", "!=", 0),
                ("product_id", "not in", products.ids),
            ],
            ["product_id"],
        )
        others = self.env["product.product"].union(*[product for (product,) in quants])
        others = others.with_company(self.env.company)
        staying = others.filtered(lambda product: product.valuation != "perpetual_move")
        theirs = self.env["account.account"].union(
            *[self._account(product, "valuation", required=False) for product in staying]
        )
        return carrying & theirs

    # --------------------------------------------------------------------- receipts
    def _read_receipts(self, goods, numbers):
        """Fill the stacks of products by Odoo's own rule: the newest receipts are on hand."""
        for one in goods.values():
            if one.qty <= 0:
                continue
            moves, on_first = one.product._run_fifo_get_stack()
            stacks = []
            for move in moves:
                valued = numbers.qty(move._get_valued_qty())
                qty = numbers.qty(on_first) if move == moves[0] else valued
                if qty:
                    cost = numbers.fraction(move.value) * Fraction(qty) / Fraction(valued)
                    stacks.append(Stack(move.id, qty, cost))
            one.stacks = opening.fit(stacks, one.qty, self._unit(one, numbers))

    def _unit(self, goods, numbers):
        """Exact cost of one unit per Odoo's report (minor units)."""
        if goods.qty > 0:
            return Fraction(goods.report) / Fraction(goods.qty)
        return numbers.fraction(goods.product.standard_price)

    def _read_history(self, product, numbers):
        """All done moves of one product as the engine's; memory is that of one product."""
        self.env["stock.move.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT move.id, move.date, coalesce(move.value, 0),
                       sum(CASE WHEN inside.left_us THEN -line.quantity_product_uom
                                ELSE line.quantity_product_uom END)
                  FROM stock_move move
                  JOIN stock_move_line line ON line.move_id = move.id
                  JOIN stock_location source ON source.id = line.location_id
                  JOIN stock_location target ON target.id = line.location_dest_id
                 CROSS JOIN LATERAL (
                       SELECT source.usage IN ('internal', 'transit')
                              AND source.company_id IS NOT NULL AS left_us,
                              target.usage IN ('internal', 'transit')
                              AND target.company_id IS NOT NULL AS came_in) inside
                 WHERE move.product_id = %(product)s AND move.company_id = %(company)s
                   AND move.state = 'done' AND inside.left_us <> inside.came_in
                   AND (line.owner_id IS NULL OR line.owner_id = %(partner)s)
                 GROUP BY move.id
                """,
                product=product.id,
                company=self.env.company.id,
                partner=self.env.company.partner_id.id,
            )
        )
        return [
            Moved(move, at, numbers.qty(qty), numbers.minor(value))
            for move, at, value, qty in self.env.cr.fetchall()
            if numbers.qty(qty)
        ]

    # -------------------------------------------------------------------- documents
    def _read_documents(self, goods, numbers):
        """Fill the orders and sales that are half way."""
        products = self.env["product.product"].browse(goods)
        self._read_orders(products, goods, numbers)
        self._read_sales(products, goods, numbers)

    def _read_orders(self, products, goods, numbers):
        lines = self.env["purchase.order.line"].search(
            [
                ("product_id", "in", products.ids),
                ("company_id", "=", self.env.company.id),
                ("order_id.state", "in", ("purchase", "done")),
            ],
            order="id",
        )
        billed = self._posted_units(lines, "purchase_line_id", numbers)
        for line in lines:
            received = self._moved_units(line.move_ids, "is_in", numbers)
            units = sum(received.values(), ZERO) - billed[line.id][0]
            one = OpenOrder(line)
            if units > 0:
                one.unbilled = opening.newest(received.items(), units)
                one.value = self._order_value(line, units, numbers)
            elif units < 0:
                qty, value, last = billed[line.id]
                one.ahead, one.bill_line_id = -units, last
                one.value = share(value, -units, qty)
            if units:
                goods[line.product_id.id].orders.append(one)

    def _order_value(self, line, units, numbers):
        move = line.move_ids.filtered("is_in")[-1:]
        return self._ordered_value(move, units, None, numbers)

    def _read_sales(self, products, goods, numbers):
        lines = self.env["sale.order.line"].search(
            [
                ("product_id", "in", products.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "sale"),
            ],
            order="id",
        )
        invoiced = self._posted_units(lines, "sale_line_ids", numbers)
        costs = self._posted_costs(lines, numbers)
        for line in lines:
            delivered = self._moved_units(line.move_ids, "is_out", numbers)
            units = sum(delivered.values(), ZERO) - invoiced[line.id][0]
            one = OpenSale(line)
            if units > 0:
                one.waiting = opening.newest(delivered.items(), units)
                one.value = self._delivered_cost(one.waiting, numbers)
            elif units < 0:
                one.ahead = -units
                one.value = share(costs[line.id], -units, invoiced[line.id][0])
            if units:
                goods[line.product_id.id].sales.append(one)

    def _delivered_cost(self, waiting, numbers):
        total = Fraction(0)
        for move_id, units in waiting:
            move = self.env["stock.move"].browse(move_id)
            valued = numbers.exact(move._get_valued_qty() or 1)
            total += numbers.fraction(move.value) * Fraction(units) / valued
        return round_half_up(total)

    def _moved_units(self, moves, direction, numbers):
        """Move id -> units that stayed moved, oldest first: what came back is taken off.

        Goods that came back are those of the move they were returned from.
        """
        units = {}
        done = moves.filtered(lambda move: move.state == "done").sorted("id")
        for move in done.filtered(direction):
            units[move.id] = numbers.qty(move._get_valued_qty())
        other = "is_out" if direction == "is_in" else "is_in"
        for move in done.filtered(other):
            left = numbers.qty(move._get_valued_qty())
            first = move.origin_returned_move_id.id
            for key in [first, *reversed(units)]:
                taken = min(units.get(key, ZERO), left)
                if taken > 0:
                    units[key] -= taken
                    left -= taken
        return units

    def _posted_units(self, lines, link, numbers):
        """Line id -> (units, value, last line id) of posted bills or invoices less refunds."""
        posted = defaultdict(lambda: (ZERO, 0, 0))
        documents = lines.invoice_lines.filtered(
            lambda row: row.parent_state == "posted" and row.display_type == "product"
        )
        for row in documents.sorted("id"):
            for line in row[link] & lines:
                qty, value, last = posted[line.id]
                posted[line.id] = (
                    qty + self._line_qty(row, numbers),
                    value + numbers.minor(row.balance),
                    row.id if row.quantity else last,
                )
        return posted

    def _posted_costs(self, lines, numbers):
        """Sale line id -> cost of goods sold that its posted invoices have expensed."""
        costs = defaultdict(int)
        rows = self.env["account.move.line"].search(
            [
                ("cogs_origin_id", "in", lines.invoice_lines.ids),
                ("parent_state", "=", "posted"),
                ("account_id.internal_group", "=", "expense"),
            ]
        )
        for row in rows:
            for line in row.cogs_origin_id.sale_line_ids & lines:
                costs[line.id] += numbers.minor(row.balance)
        return costs
