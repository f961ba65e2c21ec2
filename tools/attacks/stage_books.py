"""Goods that post at the movement and transfers that wait to be validated; runs inside Odoo.

Plain Odoo gets the nearest it has: categories "at invoicing" and an account on the locations of
vendors and customers, which makes core post every receipt and delivery when it is validated.
"""

import contextlib

from odoo import Command
from odoo.exceptions import ValidationError

_OPENING, _COST = 1_000, 10


def build(odoo_env, methods: list[str], goods: int, transfers: int, prices: list[float]) -> dict:
    """``goods`` products per method, each with receipts (at the prices in turn) and deliveries.

    :return: people, and ``jobs``: per product its transfers in the order receipt, delivery, ...
    """
    from tools.attacks import stage

    _books(odoo_env)
    products = odoo_env["product.product"]
    for method in _costable(odoo_env, methods):
        products |= _goods(odoo_env, method, goods)
    opening = _transfers(odoo_env, [(p, _OPENING, _COST) for p in products])
    opening._action_done()
    wanted = [
        (product, 1 + turn % 3, None if turn % 2 else prices[turn // 2 % len(prices)])
        for product in products
        for turn in range(transfers)
    ]
    jobs = _transfers(odoo_env, wanted).ids
    return {
        **stage._people(odoo_env, 0),
        "jobs": [jobs[start : start + transfers] for start in range(0, len(jobs), transfers)],
        "methods": [product.categ_id.name for product in products],
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


def _books(odoo_env) -> None:
    company = odoo_env.company
    if not company.chart_template:
        odoo_env["account.chart.template"].try_loading("generic_coa", company)
    if "wms.valuation" in odoo_env:
        odoo_env["wms.valuation"]._setup_company(company)
        return
    account = odoo_env["account.account"].create(
        {"name": "At the movement", "code": "211190", "account_type": "liability_current"}
    )
    for place in ("suppliers", "customers"):
        odoo_env.ref(f"stock.stock_location_{place}").valuation_account_id = account


def _goods(odoo_env, method: str, number: int):
    category = _category(odoo_env, method)
    return odoo_env["product.product"].create(
        [
            {
                "name": f"{method} {index:03}",
                "is_storable": True,
                "categ_id": category.id,
                "standard_price": _COST,
            }
            for index in range(number)
        ]
    )


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
