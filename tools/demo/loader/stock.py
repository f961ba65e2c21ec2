"""Products and their opening stock: bought in two rounds at two costs, put into bins, billed."""

import random
from collections import defaultdict
from datetime import timedelta

from odoo import Command, fields

from .sizes import packed_size

SEED = 19
#: every n-th product gets a bin of its own for the second delivery, so it lies in two places
SECOND_BIN_EVERY = 15
#: the second delivery of this vendor is not billed yet: the one open receipt (GRNI) of the demo
UNBILLED_VENDOR = "Elmtree Paper Goods"


def create_products(env, rows: list[dict], books: dict) -> dict:
    """Create the products; return them by SKU."""
    products = env["product.product"].create(
        [
            {
                "name": row["name"],
                "default_code": row["sku"],
                "barcode": row["barcode"],
                "list_price": float(row["price"]),
                "categ_id": books[row["costing"]].id,
                "is_storable": True,
                "invoice_policy": "delivery",
                **packed_size(row["sku"]),
            }
            for row in rows
        ]
    )
    return {product.default_code: product for product in products}


def receive(env, rows: list[dict], found: dict):
    """Buy and receive round after round, each product into its bin; return the purchase orders."""
    places = _places(list(found["products"]), found["bins"])
    orders = env["purchase.order"]
    for number in sorted({row["receipt"] for row in rows}):
        round_rows = [row for row in rows if row["receipt"] == number]
        bought = _buy(env, number, round_rows, found)
        _put_into_bins(bought.picking_ids, places, number)
        orders |= bought
    return orders


def _buy(env, number: str, rows: list[dict], found: dict):
    by_vendor = defaultdict(list)
    for row in rows:
        product = found["products"][row["sku"]]
        by_vendor[row["vendor"]].append(
            Command.create(
                {
                    "product_id": product.id,
                    "name": product.display_name,
                    "product_qty": float(row["quantity"]),
                    "product_uom_id": product.uom_id.id,
                    "price_unit": float(row["unit_cost"]),
                    "tax_ids": [Command.set(product.supplier_taxes_id.ids)],
                    "date_planned": fields.Datetime.now(),
                }
            )
        )
    orders = env["purchase.order"].create(
        [
            {
                "partner_id": found["people"][vendor].id,
                "partner_ref": f"Delivery {number}",
                "order_line": lines,
            }
            for vendor, lines in by_vendor.items()
        ]
    )
    orders.button_confirm()
    return orders


def _put_into_bins(pickings, places: dict, number: str) -> None:
    by_bin = defaultdict(lambda: pickings.env["stock.move.line"])
    for line in pickings.move_line_ids:
        first, second = places[line.product_id.default_code]
        by_bin[first if number == "1" else second] |= line
    for place, lines in by_bin.items():
        lines.location_dest_id = place
    pickings.move_ids.picked = True
    # The key the accrual report uses: quantities received are computed up to a day, and no note is
    # written to the purchase order for each of the thousand lines.
    tomorrow = fields.Date.today() + timedelta(days=1)
    pickings.with_context(accrual_entry_date=fields.Date.to_string(tomorrow)).button_validate()


def _places(skus: list[str], bins) -> dict:
    """SKU -> bin of its first and of its second delivery, in no order a picker could guess."""
    free = list(bins)
    random.Random(SEED).shuffle(free)
    places = {}
    for index, sku in enumerate(skus):
        first = free[index % len(free)]
        own = index % SECOND_BIN_EVERY == 0
        place = (len(skus) + index // SECOND_BIN_EVERY) % len(free)
        places[sku] = (first, free[place] if own else first)
    return places


def bill(env, orders):
    """Bill and post every receipt except the one that is left open on purpose; return the bills."""
    last = max(orders.mapped("partner_ref"))
    for number, received in orders.grouped("partner_ref").items():
        if number == last:
            received = received.filtered(lambda order: order.partner_id.name != UNBILLED_VENDOR)
        received.action_create_invoice()
    bills = orders.invoice_ids
    bills.invoice_date = fields.Date.context_today(bills)
    bills.action_post()
    return bills
