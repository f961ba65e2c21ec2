"""Fifteen months of goods an accountant looks at twice, so that no screen of the books is empty.

LIFO layers of two years, soap by batch, cards at standard cost, lanterns sold before they came,
receipts that no bill followed, freight added later, a write-down, and an entry by hand that the
reconciliation finds. Only in the demo that people open: `--play` checks books that must agree.
"""

import random
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import Command

from ..logins import CHIEF

SEED = 25
#: code: name, category, cost, price. The category is a key of CATEGORIES.
GOODS = {
    "LS-CANDLE": ("Beeswax candle", "lifo", 6.0, 14.0),
    "LS-DIFFUSER": ("Reed diffuser", "lifo", 11.0, 26.0),
    "LS-SOAP": ("Lavender soap", "lots", 2.4, 6.5),
    "LS-CARD": ("Letterpress card", "standard", 0.9, 3.2),
    "LS-BOARD": ("Oak serving board", "fifo", 17.0, 39.0),
    "LS-LANTERN": ("Storm lantern", "fifo", 12.5, 29.0),
    "LS-THROW": ("Wool throw", "average", 31.0, 75.0),
    "LS-RIBBON": ("Satin ribbon, 25 m", "plain", 3.1, 8.0),
}
#: key: name, cost flow, valuation, more fields of the products
CATEGORIES = {
    "fifo": ("House line (FIFO)", "fifo", "perpetual_move", {}),
    "average": ("Textiles (average)", "average", "perpetual_move", {}),
    "lifo": ("Candles and scents (LIFO)", "lifo", "perpetual_move", {}),
    "lots": ("Soap by batch (FIFO)", "fifo", "perpetual_move", {"tracking": "lot"}),
    "standard": ("Cards (standard)", "standard", "perpetual_move", {}),
    "plain": ("Haberdashery (Odoo's own costing)", "average", "periodic", {}),
}
VENDORS = {"wax": "Combe Wax Works", "home": "Harrow Home Wares", "paper": "Quarto Paper Mill"}
SHOPS = {"Web shop": "A customer of the web shop", "Wholesale": "Greenhithe Gift Shops"}

# Days ago, vendor, days until the bill (None: it never came), {code: (quantity, unit cost)}.
PURCHASES = [
    (430, "wax", 9, {"LS-CANDLE": (300, 5.2), "LS-DIFFUSER": (120, 9.5)}),
    (425, "home", 9, {"LS-BOARD": (80, 15.5), "LS-LANTERN": (60, 11), "LS-THROW": (40, 28)}),
    (420, "paper", 6, {"LS-CARD": (900, 0.9), "LS-SOAP": (200, 2.2), "LS-RIBBON": (60, 3.1)}),
    (300, "wax", 12, {"LS-CANDLE": (200, 5.9), "LS-DIFFUSER": (80, 10.6), "LS-SOAP": (240, 2.4)}),
    (245, "home", 9, {"LS-BOARD": (60, 17), "LS-LANTERN": (50, 12.5), "LS-THROW": (30, 31)}),
    (190, "paper", 20, {"LS-CARD": (700, 0.98), "LS-RIBBON": (40, 3.3)}),
    (165, "wax", None, {"LS-DIFFUSER": (25, 11.4)}),
    (130, "wax", 8, {"LS-CANDLE": (150, 6.6), "LS-DIFFUSER": (40, 11.9), "LS-SOAP": (160, 2.75)}),
    (96, "home", None, {"LS-BOARD": (20, 18.2), "LS-THROW": (16, 33)}),
    (70, "paper", None, {"LS-CARD": (300, 1.02)}),
    (34, "home", 5, {"LS-BOARD": (30, 18.6), "LS-THROW": (12, 33.5)}),
    (12, "wax", None, {"LS-CANDLE": (60, 7.1)}),
]
FREIGHT = {245: 96.0}  # days ago of the receipt: what its transport cost
PREPAID = (40, "home", {"LS-LANTERN": (30, 13.4)})  # billed, not received
SENT_BACK = (28, 34, "LS-BOARD", 4)  # days ago, of the receipt of that day, how many
WRITTEN_DOWN = (20, "LS-THROW", 30.0)
BY_HAND = (6, "LS-CANDLE", 84.5)
#: Units a month that a shop sells: lanterns run below zero, candles into last year's layers.
MONTHLY = {
    "LS-CANDLE": 43,
    "LS-DIFFUSER": 16,
    "LS-SOAP": 34,
    "LS-CARD": 105,
    "LS-BOARD": 11,
    "LS-LANTERN": 9,
    "LS-THROW": 5,
    "LS-RIBBON": 4,
}


def tell(env, today) -> dict:
    """Live the months up to `today`, day by day; return counts. Commits each day."""
    from freezegun import freeze_time

    env = env(context={**env.context, "tracking_disable": True, "mail_notrack": True})
    env.company.wms_lifo_confirmed = True
    story = _Story(env)
    days = defaultdict(list)
    for name, when, *rest in _events():
        days[today - timedelta(days=when)].append((name, rest))
    with freeze_time(datetime.combine(min(days), time(9))) as clock:
        for day in sorted(days):
            clock.move_to(datetime.combine(day, time(9)))
            for name, rest in days[day]:
                getattr(story, name)(day, *rest)
            env.cr.commit()  # each day has its own entries, numbered in the order of the days
    env["wms.reconciliation"]._cron_reconcile()
    env.cr.commit()
    return {"days of books": len(days)}


def _events():
    """All events as (method of the story, days ago, its arguments)."""
    for when, vendor, wait, lines in PURCHASES:
        yield "receive", when, when, vendor, lines
        if wait is not None:
            yield "bill", when - wait, when
        if when in FREIGHT:
            yield "freight", when - wait, when, FREIGHT[when]
    yield "prepay", *PREPAID
    yield "send_back", *SENT_BACK
    yield "write_down", *WRITTEN_DOWN
    yield "by_hand", *BY_HAND
    chance = random.Random(SEED)
    for number, when in enumerate(range(412, 2, -20)):
        share = chance.uniform(0.45, 0.85)
        lines = {code: round(units * share) for code, units in MONTHLY.items()}
        key = (when, list(SHOPS)[number % len(SHOPS)])
        yield "ship", when, key, lines
        if when > 15:  # the last one is not invoiced yet
            yield "invoice", when - chance.randint(1, 12), key


class _Story:
    """What people do in it; documents are kept by the day or the key they are asked for later."""

    def __init__(self, env):
        self.env = env
        self.places = self._places()
        self.goods = self._goods()
        partners = env["res.partner"].create(
            [{"name": name, "is_company": True} for name in (*VENDORS.values(), *SHOPS.values())]
        )
        self.partners = {partner.name: partner for partner in partners}
        self.teams = {name: env["crm.team"].create({"name": name}) for name in SHOPS}
        self.orders, self.sales = {}, {}

    def _places(self):
        bins = self.env["stock.location"].search(
            [("wms_kind", "=", "bin")], limit=len(GOODS), order="wms_sort_key desc"
        )
        return dict(zip(GOODS, bins, strict=True))

    def _goods(self):
        categories = {
            key: self.env["product.category"].create(
                {"name": name, "property_cost_method": flow, "property_valuation": valuation}
            )
            for key, (name, flow, valuation, _fields) in CATEGORIES.items()
        }
        values = [
            {
                "name": name,
                "default_code": code,
                "list_price": price,
                "standard_price": cost if categories[key].property_cost_method == "standard" else 0,
                "categ_id": categories[key].id,
                "is_storable": True,
                "invoice_policy": "delivery",
                "lot_valuated": bool(CATEGORIES[key][3]),
                **CATEGORIES[key][3],
            }
            for code, (name, key, cost, price) in GOODS.items()
        ]
        return dict(zip(GOODS, self.env["product.product"].create(values), strict=True))

    def receive(self, day, key, vendor, lines):
        """Buy, and put everything into its bin, goods by batch under a batch of that day."""
        order = self.orders[key] = self._buy(vendor, lines)
        for move in order.picking_ids.move_ids:
            line = move.move_line_ids
            line.location_dest_id = self.places[move.product_id.default_code]
            if move.product_id.tracking == "lot":
                line.lot_name = f"B{day:%y%m%d}"
        self._done(order.picking_ids)

    def _buy(self, vendor, lines):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partners[VENDORS[vendor]].id,
                "order_line": [
                    Command.create(
                        {"product_id": self.goods[code].id, "product_qty": qty, "price_unit": cost}
                    )
                    for code, (qty, cost) in lines.items()
                ],
            }
        )
        order.button_confirm()
        return order

    def _done(self, pickings):
        pickings.move_ids.picked = True
        pickings.with_context(skip_backorder=True)._action_done()

    def bill(self, day, key):
        """The vendor's bill, at the order's prices."""
        self._bill(self.orders[key], day)

    def _bill(self, order, day):
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda one: one.state == "draft")
        bill.invoice_date = day
        bill.action_post()

    def prepay(self, day, vendor, lines):
        """A bill for goods that have not come."""
        order = self._buy(vendor, lines)
        for line in order.order_line:
            line.product_id.purchase_method = "purchase"
        self._bill(order, day)

    def freight(self, _day, key, amount):
        """Transport that is added to the goods of a receipt."""
        service = self.env["product.product"].create(
            {"name": "Inbound freight", "type": "service", "landed_cost_ok": True}
        )
        cost = self.env["stock.landed.cost"].create(
            {
                "picking_ids": [Command.set(self.orders[key].picking_ids.ids)],
                "cost_lines": [
                    Command.create(
                        {
                            "name": service.name,
                            "product_id": service.id,
                            "price_unit": amount,
                            "split_method": "by_current_cost_price",
                            "account_id": service._get_product_accounts()["expense"].id,
                        }
                    )
                ],
            }
        )
        cost.button_validate()

    def send_back(self, _day, key, code, quantity):
        """Goods that went back and are not refunded yet."""
        picking = self.orders[key].picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model=picking._name)
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantity if line.product_id.default_code == code else 0
        back = wizard._create_return()
        back.move_ids.quantity = quantity
        self._done(back)

    def write_down(self, day, code, price):
        """Goods that sell below their cost."""
        chief = self.env["res.users"].search([("login", "=", CHIEF)], limit=1)
        decisions = self.env["wms.cost.revalue"].with_user(chief)
        decision = decisions.create(
            {
                "kind": "write_down",
                "reason": "Moth holes in the display bale",
                "date": day,
                "product_ids": [Command.set(self.goods[code].ids)],
            }
        )
        decision.line_ids.new_cost = price
        decision.action_apply()

    def by_hand(self, day, code, amount):
        """An entry on the stock account without goods: what the reconciliation has to find."""
        company = self.env.company
        chief = self.env["res.users"].search([("login", "=", CHIEF)], limit=1)
        entry = (
            self.env["account.move"]
            .with_user(chief)
            .create(
                {
                    "date": day,
                    "ref": "Breakage at the fair",
                    "wms_stock_reason": "No count was made, estimate of the stand",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "product_id": self.goods[code].id,
                                "balance": balance,
                            }
                        )
                        for account, balance in (
                            (company.wms_count_account_id, amount),
                            (company.account_stock_valuation_id, -amount),
                        )
                    ],
                }
            )
        )
        entry.action_post()

    def ship(self, _day, key, lines):
        """Sell and deliver, more than there is if need be."""
        shop = key[1]
        order = self.sales[key] = self.env["sale.order"].create(
            {
                "partner_id": self.partners[SHOPS[shop]].id,
                "team_id": self.teams[shop].id,
                "order_line": [
                    Command.create({"product_id": self.goods[code].id, "product_uom_qty": qty})
                    for code, qty in lines.items()
                ],
            }
        )
        order.action_confirm()
        for picking in order.picking_ids:
            picking.action_assign()
            for move in picking.move_ids:
                if move.product_id.tracking == "none":
                    move.quantity = move.product_uom_qty
            self._done(picking)

    def invoice(self, day, key):
        """Invoice what was shipped."""
        invoice = self.sales[key]._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
