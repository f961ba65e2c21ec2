"""Goods, people and transfers for an attack; runs inside Odoo, builds everything in bulk.

``prepare(database, kind, **wishes)`` calls ``build_<kind>`` of this module in ``odoo shell`` and
returns what it says. It works with and without our add-ons, so the reference gets the same world.
"""

import json

BIN_HOLDS = 10
DEMAND = 1_000_000


def prepare(database: str, kind: str, **wishes) -> dict:
    """Build a world in a database; the result of ``build_<kind>`` as JSON."""
    from tools import env

    code = (
        f"import sys, json; sys.path.insert(0, {str(env.TOP)!r})\n"
        "from tools.attacks import stage\n"
        f"found = stage.build(env, {kind!r}, json.loads({json.dumps(wishes)!r}))\n"
        "env.cr.commit()\n"
        "print('STAGE ' + json.dumps(found))\n"
    )
    printed = env.run_script(database, code)
    line = next(line for line in reversed(printed.splitlines()) if "STAGE {" in line)
    return json.loads(line[line.index("STAGE ") + 6 :])


def build(odoo_env, kind: str, wishes: dict) -> dict:
    """Dispatch inside ``odoo shell``."""
    if kind == "books":
        from tools.attacks import stage_books

        return stage_books.build(odoo_env, **wishes)
    return {"reserve": _build_reserve, "lines": _build_lines}[kind](odoo_env, **wishes)


def _build_reserve(odoo_env, rounds: int, clients: int) -> dict:
    """One product of ``BIN_HOLDS`` units and ``clients`` transfers of one unit for each round."""
    products = _products(odoo_env, rounds, BIN_HOLDS)
    pickings = _transfers(odoo_env, [(product, 1) for product in products for _c in range(clients)])
    ids = pickings.ids
    return {
        **_people(odoo_env, clients),
        "rounds": [ids[start : start + clients] for start in range(0, len(ids), clients)],
    }


def _build_lines(odoo_env, lines: int, clients: int, demand: int = 0) -> dict:
    """``lines`` places to scan at, nothing done yet, each with plenty of stock behind it.

    Ours: the stops of a released wave; plain Odoo: reserved move lines set to 0.
    """
    demand = demand or DEMAND
    products = _products(odoo_env, lines, demand)
    pickings = _transfers(odoo_env, [(product, demand) for product in products])
    world = {
        **_people(odoo_env, clients),
        "products": products.ids,
        "picking_type": pickings.picking_type_id.id,
        "from": pickings.location_id.id,
        "to": pickings.location_dest_id.id,
    }
    if "wms.task" in odoo_env:
        odoo_env.cr.commit()  # a command begins with a transaction of its own
        odoo_env["wms.door"]._execute_local("wave.release", {"picking_ids": pickings.ids})
        tasks = odoo_env["wms.task"].search([("product_id", "in", products.ids)])
        barcodes = tasks.product_id.mapped("barcode")
        return world | {"tasks": tasks.ids, "barcodes": barcodes, "lines": tasks.move_line_ids.ids}
    pickings.action_assign()
    pickings.move_line_ids.quantity = 0
    return world | {"lines": pickings.move_line_ids.ids}


def _warehouse(odoo_env):
    return odoo_env["stock.warehouse"].search([], limit=1)


def _products(odoo_env, number: int, quantity: float):
    """Storable products, each with ``quantity`` units in a bin of its own."""
    bins = odoo_env["stock.location"].create(
        [
            {"name": f"R-{index:03}", "location_id": _warehouse(odoo_env).lot_stock_id.id}
            for index in range(number)
        ]
    )
    products = odoo_env["product.product"].create(
        [
            {"name": f"Attack {index:03}", "barcode": f"ATTACK{index:03}", "is_storable": True}
            for index in range(number)
        ]
    )
    odoo_env["stock.quant"].with_context(inventory_mode=True).create(
        [
            {"product_id": product.id, "location_id": place.id, "inventory_quantity": quantity}
            for product, place in zip(products, bins, strict=True)
        ]
    ).action_apply_inventory()
    return products


def _transfers(odoo_env, wanted: list[tuple]):
    """Confirmed deliveries of one move each, not yet reserved."""
    warehouse = _warehouse(odoo_env)
    out = warehouse.out_type_id
    out.reservation_method = "manual"
    ends = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": odoo_env.ref("stock.stock_location_customers").id,
    }
    pickings = odoo_env["stock.picking"].create(
        [
            {
                "picking_type_id": out.id,
                **ends,
                "move_ids": [(0, 0, {"product_id": p.id, "product_uom_qty": quantity, **ends})],
            }
            for p, quantity in wanted
        ]
    )
    pickings.action_confirm()
    return pickings


def _people(odoo_env, clients: int) -> dict:
    """Four workers (portal users of ours) with one device per client, and a stock user."""
    ref = odoo_env.ref
    suite = "wms.device" in odoo_env
    clerk = ["base.group_user", "stock.group_stock_user"]
    worker = ["base.group_portal", "inventory_wms.group_worker"] if suite else clerk
    named = {f"attacker{index}": worker for index in range(4)} | {"clerk": clerk}
    odoo_env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": login,
                "login": login,
                "password": login,
                "group_ids": [(6, 0, [ref(group).id for group in groups])],
            }
            for login, groups in named.items()
        ]
    )
    if not suite:
        return {"devices": []}
    devices = odoo_env["wms.device"].create([{"name": f"Attack {i}"} for i in range(clients)])
    return {"devices": devices.mapped("uid")}
