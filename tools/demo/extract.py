"""Cut the demo's small, real warehouse day out of the Online Retail data.

    python tools/demo/extract.py online_retail.csv.xz [--day 2011-05-26] [--out tools/demo/data]

The source is a year of order lines of a gift shop (columns InvoiceNo, StockCode, Description,
Quantity, InvoiceDate, UnitPrice, CustomerID, Country). What is kept is goods sold at a price: a
cancellation, a write-off, postage, a fee or a voucher is no order line. The day is drawn, by a
fixed seed, among the well-filled ones whose assortment fits the demo's bins; the same input gives
the same bytes.

Written: products.csv, receipts.csv (opening stock, two rounds at two costs), orders.csv (the
sample that `--play` works) and orders_full_day.csv, both in the order-file format of the channels.
"""

import argparse
import csv
import lzma
import random
import re
import statistics
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

SEED = 19
ORDERS_PER_DAY = 60
ORDERS_IN_SAMPLE = 70
LINES_PER_ORDER = 12
LINES_IN_SAMPLE = 450
SKUS_PER_DAY = 600
COST_SHARES = (Decimal("0.45"), Decimal("0.55"))
VENDORS = (
    "Ashgrove Ceramics",
    "Bellweather Gifts",
    "Cotswold Tinware",
    "Dovecote Textiles",
    "Elmtree Paper Goods",
)
GOODS = re.compile(r"\d{5}[A-Z]{0,2}")
FREIGHT_UNITS = 200


@dataclass(frozen=True)
class Sale:
    """One order line: quantity in units, price in pounds as written in the source."""

    order: str
    day: str
    sku: str
    name: str
    quantity: int
    price: Decimal
    customer: str


def read_sales(path: Path) -> list[Sale]:
    """The sales of real goods in the file (.csv or .csv.xz), in the file's order."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as source:
        return [sale for row in csv.DictReader(source) if (sale := _sale(row))]


def _sale(row: dict[str, str]) -> Sale | None:
    sku = row["StockCode"].strip().upper()
    quantity, price = Decimal(row["Quantity"] or 0), Decimal(row["UnitPrice"] or 0)
    cancelled = row["InvoiceNo"].upper().startswith("C")
    if cancelled or not GOODS.fullmatch(sku) or quantity <= 0 or price <= 0:
        return None
    customer = row["CustomerID"].strip().split(".")[0]
    return Sale(
        order=row["InvoiceNo"].strip(),
        day=row["InvoiceDate"][:10],
        sku=sku,
        name=" ".join(row["Description"].split()).capitalize(),
        quantity=int(quantity),
        price=price.quantize(Decimal("0.01"), ROUND_HALF_UP),
        customer=f"Customer {customer}" if customer else "Web guest",
    )


def choose_day(sales: list[Sale], seed: int = SEED) -> str:
    """A day of at least 60 orders and at most 600 products, drawn by the seed.

    Without such a day: the smallest assortment among the well-filled days, else the fullest day.
    """
    orders, skus = defaultdict(set), defaultdict(set)
    for sale in sales:
        orders[sale.day].add(sale.order)
        skus[sale.day].add(sale.sku)
    full = sorted(day for day in orders if len(orders[day]) >= ORDERS_PER_DAY)
    fitting = [day for day in full if len(skus[day]) <= SKUS_PER_DAY]
    if fitting:
        return random.Random(seed).choice(fitting)
    if full:
        return min(full, key=lambda day: (len(skus[day]), day))
    if not orders:
        raise SystemExit("no sale of goods in this file: is it the Online Retail data?")
    return max(sorted(orders), key=lambda day: len(orders[day]))


def orders_of_day(sales: list[Sale], day: str) -> dict[str, list[Sale]]:
    """The day's orders; lines of one product at one price are added up, as a shop would send."""
    merged: dict[tuple, Sale] = {}
    for sale in sales:
        if sale.day != day:
            continue
        key = (sale.order, sale.sku, sale.price)
        known = merged.get(key)
        total = sale.quantity + (known.quantity if known else 0)
        merged[key] = Sale(**{**(known or sale).__dict__, "quantity": total})
    orders = defaultdict(list)
    for sale in merged.values():
        orders[sale.order].append(sale)
    return dict(orders)


def sample(orders: dict[str, list[Sale]], seed: int = SEED) -> dict[str, list[Sale]]:
    """At most 70 orders, each cut to the largest length (12 or less) that keeps 450 lines.

    Orders and lines are drawn by the seed and stay in the order of the day.
    """
    draw = random.Random(seed)
    chosen = set(draw.sample(sorted(orders), min(ORDERS_IN_SAMPLE, len(orders))))
    picked = {ref: lines for ref, lines in orders.items() if ref in chosen}
    cap = max(
        cap
        for cap in range(1, LINES_PER_ORDER + 1)
        if cap == 1 or sum(min(len(x), cap) for x in picked.values()) <= LINES_IN_SAMPLE
    )
    return {ref: _draw_lines(lines, cap, draw) for ref, lines in picked.items()}


def _draw_lines(lines: list[Sale], cap: int, draw: random.Random) -> list[Sale]:
    kept = sorted(draw.sample(range(len(lines)), min(cap, len(lines))))
    return [lines[index] for index in kept]


def barcode(sku: str) -> str:
    """A valid EAN-13 of the in-store range 20, made from the code alone (85123A, 22423)."""
    letters = [ord(letter) - 64 for letter in sku[5:]] + [0, 0]
    digits = f"20{sku[:5]}{letters[0]:02d}{letters[1]:02d}0"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-weighted % 10)


def product_rows(sales: list[Sale], orders: dict[str, list[Sale]]) -> list[dict]:
    """One row per article: the name most used in the whole file and the day's median price.

    Every third article (by a hash of its code) is costed at average, the others by FIFO.
    """
    prices, names = defaultdict(list), defaultdict(Counter)
    for sale in (sale for lines in orders.values() for sale in lines):
        prices[sale.sku].append(sale.price)
    for sale in sales:
        if sale.sku in prices:
            names[sale.sku][sale.name] += 1
    return [
        {
            "sku": sku,
            "name": min(names[sku], key=lambda name: (-names[sku][name], name)),
            "price": statistics.median_low(prices[sku]),
            "barcode": barcode(sku),
            "costing": "fifo" if zlib.crc32(b"costing" + sku.encode()) % 3 else "average",
        }
        for sku in sorted(prices)
    ]


def receipt_rows(products: list[dict], orders: dict[str, list[Sale]]) -> list[dict]:
    """Two receipts per product that together cover the whole day about one and a half times.

    The first alone does not cover it, so some deliveries take from both costs.
    """
    demand = Counter()
    for sale in (sale for lines in orders.values() for sale in lines):
        demand[sale.sku] += sale.quantity
    rows = []
    for round_number, share in enumerate(COST_SHARES, start=1):
        for product in products:
            needed = demand[product["sku"]]
            first = max(1, needed * 3 // 5)
            quantity = first if round_number == 1 else needed - first + needed // 2 + 6
            cost = (product["price"] * share).quantize(Decimal("0.01"), ROUND_HALF_UP)
            rows.append(
                {
                    "receipt": round_number,
                    "vendor": VENDORS[zlib.crc32(product["sku"].encode()) % len(VENDORS)],
                    "sku": product["sku"],
                    "quantity": quantity,
                    "unit_cost": max(cost, Decimal("0.01")),
                }
            )
    return rows


def order_rows(orders: dict[str, list[Sale]]) -> list[dict]:
    """The orders in the order-file format; large orders go by freight, the others by parcel."""
    rows = []
    for ref, lines in orders.items():
        units = sum(line.quantity for line in lines)
        ship_by = date.fromisoformat(lines[0].day) + timedelta(days=1)
        carrier = "Freight" if units > FREIGHT_UNITS else "Parcel"
        rows += [
            {
                "order_ref": ref,
                "date": line.day,
                "customer": line.customer,
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": line.price,
                "ship_by": ship_by.isoformat(),
                "carrier": carrier,
            }
            for line in lines
        ]
    return rows


def extract(source: Path, target: Path, day: str | None = None, seed: int = SEED) -> dict:
    """Write the four files into `target`; return what was written (counts and the day)."""
    sales = read_sales(source)
    day = day or choose_day(sales, seed)
    orders = orders_of_day(sales, day)
    if not orders:
        raise SystemExit(f"no order on {day}: choose a day (YYYY-MM-DD) inside the file")
    sampled = sample(orders, seed)
    products = product_rows(sales, orders)
    target.mkdir(parents=True, exist_ok=True)
    tables = {
        "products.csv": products,
        "receipts.csv": receipt_rows(products, orders),
        "orders.csv": order_rows(sampled),
        "orders_full_day.csv": order_rows(orders),
    }
    for name, rows in tables.items():
        _write(target / name, rows)
    counts = {name: len(rows) for name, rows in tables.items()}
    return {"day": day, "orders": len(sampled), "orders_full_day": len(orders), **counts}


def _write(path: Path, rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(argv: list[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the data as .csv or .csv.xz")
    parser.add_argument("--day", help="YYYY-MM-DD instead of the drawn day")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data")
    options = parser.parse_args(argv)
    for name, value in extract(options.source, options.out, options.day, options.seed).items():
        print(f"{name:24} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
