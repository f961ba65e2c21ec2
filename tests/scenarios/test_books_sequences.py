"""Random lives of a product through documents: the books hold after every single step.

Purchases, receipts in parts, bills at other prices and in another currency, refunds, documents
in and out of draft, sales, deliveries beyond stock, invoices, credit notes, returns both ways,
counts and scraps, in any order. A life is a list of numbers made from its seed; one that breaks
an invariant is shortened step by step, and the shortest that still breaks it is shown.

A few seeds run every time; ``./wms test --full tests/scenarios/test_books_sequences.py`` runs
500. ``WMS_SEEDS=120-180`` picks others, or the one to look at again.
"""

import logging
import os
import random
import time
from collections import Counter

from odoo import Command, fields
from odoo.addons.inventory_wms.tests.valuation_common import BooksCase
from odoo.exceptions import UserError
from odoo.tests import tagged

from tests.invariants import checks

_logger = logging.getLogger(__name__)

STEPS = (
    *("buy", "buy", "arrive", "bill", "bill", "refund", "draft", "repost", "send_back", "again"),
    *("sell", "sell", "deliver", "invoice", "credit", "come_back", "count", "scrap"),
)
METHODS = ("fifo", "average", "lifo")
LENGTH = 12


def seeds():
    """The seeds to run: of WMS_SEEDS (`7` or `120-180`), else 0 to 499, or the first of them."""
    wanted = os.environ.get("WMS_SEEDS")
    if wanted:
        first, _dash, last = wanted.partition("-")
        return range(int(first), int(last or first) + 1)
    return range(500 if os.environ.get("WMS_PROFILE") == "full" else 8)


def steps_of(seed):
    """The life of a seed: (step, three numbers that say which document, how many, at what)."""
    rng = random.Random(seed)
    head = [("buy", 0, rng.randrange(100), rng.randrange(100))]
    return head + [
        (rng.choice(STEPS), *(rng.randrange(100) for _number in range(3)))
        for _step in range(LENGTH)
    ]


class Life:
    """One product and its documents; each step takes (which, many, price), numbers below 100."""

    def __init__(self, case, seed):
        self.case = case
        self.seed = seed
        method = METHODS[seed % len(METHODS)]
        self.goods = case.goods(
            f"Goods {seed}",
            method,
            standard_price=10,
            purchase_method=("purchase", "receive")[seed // 2 % 2],
            invoice_policy=("order", "delivery")[seed // 4 % 2],
        )
        case.company.wms_shipped_account_id = case.shipped if seed // 8 % 2 else False
        self.orders = case.env["purchase.order"]
        self.sales = case.env["sale.order"]

    @staticmethod
    def pick(records, which):
        return records[which % len(records)] if records else records

    def moved(self, kind, state):
        pickings = (self.orders.picking_ids | self.sales.picking_ids).sorted("id")
        return pickings.filtered(
            lambda picking: (
                picking.picking_type_id.code == kind
                and (picking.state == "done") == (state == "done")
                and picking.state != "cancel"
            )
        )

    def documents(self, kinds, state="posted"):
        found = (self.orders.invoice_ids | self.sales.invoice_ids).sorted("id")
        return found.filtered(lambda move: move.move_type in kinds and move.state == state)

    # ----------------------------------------------------------------------- steps
    def buy(self, which, many, price):
        vals = {} if which % 4 else {"currency_id": self.case.money.id}
        line = {
            "product_id": self.goods.id,
            "product_qty": many % 9 + 1,
            "price_unit": price / 7,
            "discount": 10 if which % 5 == 1 else 0,
            "tax_ids": [Command.set(self.case.taxes[which % 3].ids)],
        }
        order = self.case.purchase(line, **vals)
        self.orders |= order
        if which % 3:
            self.case.done(order.picking_ids, None if which % 2 else (many % 9 + 2) // 2)

    def arrive(self, which, many, _price):
        picking = self.pick(self.moved("incoming", "open"), which)
        if picking:
            demand = picking.move_ids[:1].product_uom_qty
            self.case.done(picking, min(many % 5 + 1, demand))

    def bill(self, which, many, price):
        order = self.pick(self.orders.filtered(lambda o: o.invoice_status == "to invoice"), which)
        if order:
            order.action_create_invoice()
            bill = order.invoice_ids.sorted("id")[-1]
            bill.invoice_date = bill.date = self.case.later if which % 3 == 0 else bill.date
            for line in bill.invoice_line_ids if many % 3 else ():
                line.price_unit = price / 6
                line.quantity = max(line.quantity - many % 3, 1)
            bill.action_post()

    def refund(self, which, many, price):
        bill = self.pick(self.documents(("in_invoice",)), which)
        if bill:
            refund = bill._reverse_moves([{"invoice_date": fields.Date.today()}])
            line = refund.invoice_line_ids
            line.quantity = min(many % 4 + 1, line.quantity)
            if price % 2:
                line.price_unit = price / 6
            refund.action_post()

    def draft(self, which, _many, _price):
        kinds = ("in_invoice", "in_refund", "out_invoice", "out_refund")
        document = self.pick(self.documents(kinds), which)
        if document:
            document.button_draft()

    def repost(self, which, many, _price):
        kinds = ("in_invoice", "in_refund", "out_invoice", "out_refund")
        document = self.pick(self.documents(kinds, "draft"), which)
        if document:
            document.invoice_line_ids.quantity = many % 4 + 1
            document.action_post()

    def returned(self, picking, many):
        wizard = self.case.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = many % 3 + 1
        wizard.product_return_moves.to_refund = True
        self.case.done(wizard._create_return())

    def send_back(self, which, many, _price):
        done = self.moved("incoming", "done")
        picking = self.pick(done.filtered(lambda p: p.move_ids.purchase_line_id), which)
        if picking:
            self.returned(picking, many)

    def again(self, which, many, _price):
        """Goods that went back come again: an exchange."""
        done = self.moved("outgoing", "done")
        picking = self.pick(done.filtered(lambda p: p.move_ids.purchase_line_id), which)
        if picking:
            self.returned(picking, many)

    def sell(self, which, many, _price):
        order = self.case.sale(self.goods, many % 7 + 1)
        self.sales |= order
        if which % 4:
            self.case.done(order.picking_ids, None if which % 3 else 1)

    def deliver(self, which, _many, _price):
        picking = self.pick(
            self.moved("outgoing", "open").filtered(lambda p: p.move_ids.sale_line_id), which
        )
        if picking:
            self.case.done(picking)

    def invoice(self, which, _many, _price):
        order = self.pick(self.sales.filtered(lambda o: o.invoice_status == "to invoice"), which)
        if order:
            order._create_invoices(final=True).action_post()

    def credit(self, which, many, _price):
        invoice = self.pick(self.documents(("out_invoice",)), which)
        if invoice:
            note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
            note.invoice_line_ids.quantity = many % 3 + 1
            note.action_post()

    def come_back(self, which, many, _price):
        done = self.moved("outgoing", "done")
        picking = self.pick(done.filtered(lambda p: p.move_ids.sale_line_id), which)
        if picking:
            self.returned(picking, many)

    def count(self, _which, many, _price):
        quant = self.case.env["stock.quant"].with_context(inventory_mode=True)
        quant.create(
            {
                "product_id": self.goods.id,
                "location_id": self.case.warehouse.lot_stock_id.id,
                "inventory_quantity": many % 9,
            }
        ).action_apply_inventory()

    def scrap(self, _which, many, _price):
        vals = {"product_id": self.goods.id, "scrap_qty": many % 2 + 1}
        self.case.env["stock.scrap"].create(vals).do_scrap()


@tagged("post_install", "-at_install")
class TestBooksSequences(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.shipped = cls.company_data["default_account_assets"].copy({"name": "Shipped"})
        cls.later = fields.Date.add(fields.Date.today(), days=10)
        rates = (("2020-01-01", 2.0), (cls.later, 1.3))
        cls.money = cls.env["res.currency"].create(
            {
                "name": "WMZ",
                "symbol": "z",
                "rate_ids": [
                    Command.create({"name": day, "rate": rate, "company_id": cls.company.id})
                    for day, rate in rates
                ],
            }
        )
        tax = cls.company_data["default_tax_purchase"]
        inside = tax.copy({"name": "In", "amount": 20, "price_include_override": "tax_included"})
        lost = tax.copy({"name": "Lost", "amount": 7, "price_include_override": "tax_excluded"})
        lost.invoice_repartition_line_ids.account_id = False
        lost.refund_repartition_line_ids.account_id = False
        cls.taxes = (cls.env["account.tax"], inside, lost)
        cls.checks = [item for item in checks() if item.code[0] == "L" and item.applies(cls.env.cr)]

    def test_lives_through_documents(self):
        self.taken, self.refused = Counter(), Counter()
        for seed in seeds():
            steps, start = steps_of(seed), time.process_time()
            found = self.live(seed, steps)
            spent = time.process_time() - start
            _logger.info("seed %s: %s (%.1f s of CPU)", seed, found or "well", spent)
            if found:
                self.fail(self.explain(seed, steps))
        _logger.info("taken: %s; refused: %s", dict(self.taken), dict(self.refused))
        self.assertGreater(self.taken.total(), 10 * self.refused.total(), self.refused)

    def live(self, seed, steps):
        """Live it and undo it; the first thing that does not hold, or an empty text."""
        savepoint = self.env.cr.savepoint()
        life, found = Life(self, seed), []
        for step in steps:
            found = found or self.take(life, step)
        savepoint.rollback()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return "; ".join(found)

    def take(self, life, step):
        """Take a step (a refusal is undone and is no fault); what does not hold after it."""
        name, *numbers = step
        try:
            with self.env.cr.savepoint():
                getattr(life, name)(*numbers)
                self.flush_postings()
        except UserError as refusal:
            self.env.invalidate_all()
            self.refused[f"{name}: {refusal}"[:90]] += 1
            return []
        self.taken[name] += 1
        self.env.flush_all()
        found = [text for item in self.checks for text in item.problems(self.env.cr)]
        return found + self.core_differs(life.goods)

    def core_differs(self, goods):
        """Core's figures (its report, its moves) against ours."""
        self.env.invalidate_all()
        total = self.env["wms.cost.total"].search([("product_id", "=", goods.id)])
        moves = self.env["stock.move"].search([("product_id", "=", goods.id)])
        ins = sum(moves.filtered("is_in").mapped("value"))
        outs = sum(moves.filtered("is_out").mapped("value"))
        figures = {"report": goods.total_value, "moves": ins - outs}
        return [
            f"{name} {figure} for {total.value}"
            for name, figure in figures.items()
            if abs(figure - total.value) > 0.004
        ]

    def explain(self, seed, steps):
        """The shortest life that still breaks, found by leaving out one step after another."""
        at = 0
        while at < len(steps):
            shorter = steps[:at] + steps[at + 1 :]
            if self.live(seed, shorter):
                steps = shorter
            else:
                at += 1
        shown = "\n".join(f"    {step}" for step in steps)
        return f"seed {seed}: {self.live(seed, steps)}\n{shown}"
