"""Histories through real purchase orders, receipts, bills, sale orders, deliveries and invoices.

``run`` opens a database and hands the events over; ``play`` works inside Odoo.
"""

from decimal import Decimal

from tools.benches import ledger

_DATABASE = "wms_bench_documents"
_AT_ONCE = 200  # events between two commits


def run(histories: dict) -> dict:
    """``{"figures": {name: {cogs, ending_value}}, "violations": n}`` from a database of its own."""
    from tools import env

    rows = {
        name: [[event.incoming, str(event.qty), str(event.cost or 0)] for event in history]
        for name, history in histories.items()
    }
    env.fresh_database(_DATABASE)
    try:
        count = sum(len(history) for history in rows.values())
        with env.step(f"{_DATABASE}: {count} events as documents, for every method"):
            return ledger.inside(_DATABASE, "documents:play", histories=rows)
    finally:
        env.drop(_DATABASE)


def compare(engine: dict, found: dict) -> dict:
    """Where the documents say something else than the engine: ``{history: [text, ...]}``."""
    differing = {}
    for name, figures in found.items():
        texts = [
            f"{figure} {method}: engine {engine[name][figure][method]}, documents {value}"
            for figure, methods in figures.items()
            for method, value in methods.items()
            if value != engine[name][figure][method]
        ]
        if texts:
            differing[name] = texts
    return differing


def play(odoo_env, histories: dict) -> dict:
    """Work every history with every method; inside Odoo."""
    from tests.invariants import check, explain
    from tools.benches.ledger.world import World

    be_exact(odoo_env, histories)
    world = World(odoo_env)
    world.keep()
    figures = {name: work(world, name, rows) for name, rows in histories.items()}
    counts = check(odoo_env.cr)
    return {
        "figures": figures,
        "violations": sum(counts.values()),
        "broken": explain(odoo_env.cr)[:5],
    }


def work(world, name: str, rows: list) -> dict:
    """One history with every method: ``cogs`` and ``ending_value`` as the ledger says."""
    found = {"cogs": {}, "ending_value": {}}
    accounts = {"cogs": "wms_cogs_account_id", "ending_value": "account_stock_valuation_id"}
    for method in world.methods:
        product = world.goods(method, [f"{name} {method}"])
        product.write({"taxes_id": False, "supplier_taxes_id": False, "standard_price": 0})
        product.invoice_policy = "delivery"
        _trade(world, product, rows)
        for figure, account in accounts.items():
            found[figure][method] = _balance(world.env, product, account)
    return found


def be_exact(odoo_env, histories: dict) -> None:
    """As many decimals for quantities and prices as the histories have."""
    for usage, column in (("Product Unit", 1), ("Product Price", 2)):
        digits = [
            -Decimal(row[column]).normalize().as_tuple().exponent
            for rows in histories.values()
            for row in rows
        ]
        precision = odoo_env["decimal.precision"].search([("name", "=", usage)])
        precision.digits = max(precision.digits, *digits)
    smallest = 10.0 ** -odoo_env["decimal.precision"].precision_get("Product Unit")
    odoo_env.ref("uom.product_uom_unit").rounding = smallest


def _trade(world, product, rows: list) -> None:
    for number, (incoming, qty, cost) in enumerate(rows, 1):
        order = _buy(world, product, qty, cost) if incoming else _sell(world, product, qty)
        _finish(order.picking_ids)
        _charge(order, incoming)
        world.env.flush_all()
        if number % _AT_ONCE == 0:
            world.keep()
            world.env.invalidate_all()
    world.keep()


def _buy(world, product, qty: str, cost: str):
    from odoo import Command

    order = world.env["purchase.order"].create(
        {
            "partner_id": world.partner.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_qty": float(qty),
                        "price_unit": float(cost),
                        "tax_ids": False,
                    }
                )
            ],
        }
    )
    order.button_confirm()
    return order


def _sell(world, product, qty: str):
    from odoo import Command

    order = world.env["sale.order"].create(
        {
            "partner_id": world.partner.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": float(qty),
                        "price_unit": 100,
                        "tax_ids": False,
                    }
                )
            ],
        }
    )
    order.action_confirm()
    return order


def _finish(pickings) -> None:
    for move in pickings.move_ids:
        move.quantity = move.product_uom_qty
        move.picked = True
    pickings._action_done()


def _charge(order, incoming: bool) -> None:
    """The vendor's bill at the order's price, or the customer's invoice."""
    if not incoming:
        order._create_invoices().action_post()
        return
    order.action_create_invoice()
    order.invoice_ids.invoice_date = order.invoice_ids[0].date
    order.invoice_ids.action_post()


def _balance(odoo_env, product, account: str) -> float:
    """What the ledger holds for a product on an account of the company."""
    rows = odoo_env["account.move.line"]._read_group(
        [
            ("product_id", "=", product.id),
            ("account_id", "=", odoo_env.company[account].id),
            ("parent_state", "=", "posted"),
        ],
        [],
        ["balance:sum"],
    )
    return round(rows[0][0] or 0.0, 2)
