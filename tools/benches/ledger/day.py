"""A day of orders, from drafts to shipped and posted; runs inside Odoo, with or without ours."""

import time
from collections import Counter

from odoo import Command

from tests.invariants import check, explain
from tools.benches.ledger.world import World

#: what goods cost, at the receipt and by their card: plain Odoo takes the one, ours the other
PRICE = 10


def work(odoo_env, orders: list[list[list]], wave: int) -> dict:
    """Confirm, ship and post the orders; seconds and statements of each step, and the books.

    :param orders: for each order its lines: article, pieces
    :param wave: orders that are worked together
    """
    world = World(odoo_env)
    drafts = _Day(world, orders).drafts
    world.keep()
    steps, parts = {}, [drafts[i : i + wave] for i in range(0, len(drafts), wave)]
    _clock(world, steps, "confirm", [part.ids for part in parts], _confirm)
    pickings = [part.picking_ids.ids for part in parts]
    if world.ours:
        _clock(world, steps, "release", [sum(pickings, [])], _release)
    _clock(world, steps, "ship", pickings, _ship)
    if not world.ours:
        _clock(world, steps, "post", [[]], _post)
    counts = check(odoo_env.cr)
    return {
        "steps": steps,
        "seconds": sum(step["s"] for step in steps.values()),
        "statements": sum(step["statements"] for step in steps.values()),
        "orders": len(orders),
        "lines": sum(map(len, orders)),
        "open": len(drafts.picking_ids.filtered(lambda picking: picking.state != "done")),
        "value": _balance(world),
        "violations": sum(counts.values()),
        "broken": explain(odoo_env.cr)[:5],
    }


class _Day:
    """Goods in bins, twice what is ordered from two receipts, and the orders as drafts."""

    def __init__(self, world: World, orders):
        self.world, self.env = world, world.env
        needed = Counter()
        for lines in orders:
            for article, pieces in lines:
                needed[article] += pieces
        names = sorted(needed)
        goods = world.goods("fifo", names)
        goods.write({"taxes_id": False, "supplier_taxes_id": False})
        self.goods = dict(zip(names, goods, strict=True))
        self.bins = self._bins(names)
        for _half in range(2):
            self._receive(needed, PRICE)
        self._late()
        self.drafts = self.env["sale.order"].create(
            [
                {
                    "partner_id": world.partner.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.goods[article].id,
                                "product_uom_qty": pieces,
                                "price_unit": 9,
                            }
                        )
                        for article, pieces in lines
                    ],
                }
                for lines in orders
            ]
        )

    def _bins(self, names):
        """One bin for each article, a hundred to an aisle; ours are on the floor plan."""
        values = []
        for number, _name in enumerate(names):
            aisle, bay = divmod(number, 100)
            place = {"name": f"{aisle + 1:02}-{bay + 1:03}", "location_id": self.world.stock.id}
            if self.world.ours:
                place |= {"wms_kind": "bin", "wms_aisle": str(aisle + 1), "wms_bay": str(bay + 1)}
                place |= {"wms_x": 5.0 * aisle, "wms_y": 1.5 + bay, "wms_located": True}
            values.append(place)
        made = self.env["stock.location"].create(values)
        return dict(zip(names, made, strict=True))

    def _receive(self, needed, price):
        """A receipt of what is needed, so that half of the goods is left at the end."""
        world = self.world
        places = {"location_id": world.vendors.id, "location_dest_id": world.stock.id}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": world.warehouse.in_type_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods[name].id,
                            "product_uom_qty": pieces,
                            "price_unit": price,
                            **places,
                        }
                    )
                    for name, pieces in needed.items()
                ],
                **places,
            }
        )
        picking.action_confirm()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.move_line_ids.location_dest_id = self.bins[move.product_id.name]
        picking.move_ids.picked = True
        picking._action_done()

    def _late(self):
        """With ours, orders are reserved at the release, all at once; plain Odoo does at once."""
        if self.world.ours:
            self.world.warehouse.out_type_id.reservation_method = "manual"


def _clock(world, steps, name, parts, call):
    """Run a step part by part, each in a transaction of its own, and add it up."""
    cr, spent, statements = world.env.cr, 0.0, 0
    for ids in parts:
        world.env.invalidate_all()
        before, begin = cr.sql_log_count, time.perf_counter()
        call(world, ids)
        world.env.flush_all()
        world.keep()
        spent += time.perf_counter() - begin
        statements += cr.sql_log_count - before
    steps[name] = {"s": round(spent, 3), "statements": statements}


def _confirm(world, ids):
    world.env["sale.order"].browse(ids).action_confirm()


def _release(world, ids):
    world.env["wms.door"]._execute_local("wave.release", {"picking_ids": ids})


def _ship(world, ids):
    pickings = world.env["stock.picking"].browse(ids)
    pickings.move_ids.picked = True
    pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()


def _post(world, _ids):
    """Plain Odoo posts the stock's value when somebody closes the period."""
    world.env.company.action_close_stock_valuation(auto_post=True)


def _balance(world) -> float:
    """Value of what is left, by the ledger."""
    category = world.categories["fifo"]
    account = category.property_stock_valuation_account_id
    account |= world.env.company.account_stock_valuation_id
    lines = world.env["account.move.line"].search(
        [("account_id", "in", account.ids), ("parent_state", "=", "posted")]
    )
    return round(sum(lines.mapped("balance")), 2)
