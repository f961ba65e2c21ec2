"""Goods that post at the movement and transfers that wait to be validated; runs inside Odoo.

Plain Odoo gets the nearest it has: categories "at invoicing" and an account on the locations of
vendors and customers, which makes core post every receipt and delivery when it is validated.
"""

import contextlib
from dataclasses import dataclass

from odoo import Command
from odoo.exceptions import ValidationError

from tools.benches.ledger import history
from tools.benches.ledger.world import World

_OPENING, _COST = 1_000, 10


@dataclass(frozen=True)
class Wishes:
    """``goods`` products per method, each with ``transfers``: receipts at the prices in turn, and
    deliveries; before them ``past`` receipts and as many deliveries (0: one opening receipt)."""

    methods: tuple[str, ...]
    goods: int
    transfers: int
    prices: tuple[float, ...]
    past: int = 0


def build(odoo_env, **wishes) -> dict:
    """Goods, people and waiting transfers.

    :return: people, and ``jobs``: per product its transfers in the order receipt, delivery, ...
    """
    from tools.attacks import stage

    wishes = Wishes(**wishes)
    world = World(odoo_env)
    products = odoo_env["product.product"]
    for method in _costable(odoo_env, wishes.methods):
        products |= _goods(world, method, wishes)
    if not world.ours:
        _post_at_movement(odoo_env)
    if not wishes.past:
        _transfers(odoo_env, [(p, _OPENING, _COST) for p in products])._action_done()
    wanted = [
        (product, 1 + turn % 3, None if turn % 2 else wishes.prices[turn // 2 % len(wishes.prices)])
        for product in products
        for turn in range(wishes.transfers)
    ]
    jobs, each = _transfers(odoo_env, wanted).ids, wishes.transfers
    return {
        **stage._people(odoo_env, 0),
        "jobs": [jobs[start : start + each] for start in range(0, len(jobs), each)],
        "products": products.ids,
    }


def _costable(odoo_env, methods: list[str]) -> list[str]:
    """Those of the cost methods that can post at the movement here."""
    field = odoo_env["product.category"]._fields["property_cost_method"]
    found = []
    for method in methods:
        with contextlib.suppress(ValidationError), odoo_env.cr.savepoint() as savepoint:
            if method in dict(field.selection):
                _category(odoo_env, method)
                found.append(method)
            savepoint.rollback()
    return found


def _category(odoo_env, method: str):
    return odoo_env["product.category"].create(
        {
            "name": method,
            "property_cost_method": method,
            "property_valuation": "perpetual_move" if "wms.valuation" in odoo_env else "real_time",
        }
    )


def _post_at_movement(odoo_env) -> None:
    """Plain Odoo posts a move when its other end has an account."""
    account = odoo_env["account.account"].create(
        {"name": "At the movement", "code": "211190", "account_type": "liability_current"}
    )
    for place in ("suppliers", "customers"):
        odoo_env.ref(f"stock.stock_location_{place}").valuation_account_id = account


def _goods(world: World, method: str, wishes: Wishes):
    """Products of a category of their own, which is named after the method."""
    category = _category(world.env, method)
    products = world.env["product.product"].create(
        [
            {
                "name": f"{method} {index:03}",
                "is_storable": True,
                "categ_id": category.id,
                "standard_price": _COST,
            }
            for index in range(wishes.goods)
        ]
    )
    for product in products if wishes.past else ():
        history.grow(world, product, method, history.half_open(method, wishes.past))
    return products


def _transfers(odoo_env, wanted: list[tuple]):
    """Transfers of one move each, ready to be validated; a price means that goods come in."""
    warehouse = odoo_env["stock.warehouse"].search([], limit=1)
    inside = warehouse.lot_stock_id.id
    ends = {
        True: (warehouse.in_type_id.id, odoo_env.ref("stock.stock_location_suppliers").id, inside),
        False: (
            warehouse.out_type_id.id,
            inside,
            odoo_env.ref("stock.stock_location_customers").id,
        ),
    }
    rows = []
    for product, quantity, price in wanted:
        kind, source, target = ends[price is not None]
        places = {"location_id": source, "location_dest_id": target}
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": price or 0,
            **places,
        }
        rows.append({"picking_type_id": kind, "move_ids": [Command.create(move)], **places})
    pickings = odoo_env["stock.picking"].create(rows)
    pickings.action_confirm()
    for move in pickings.move_ids:
        move.quantity = move.product_uom_qty
    pickings.move_ids.picked = True
    return pickings
