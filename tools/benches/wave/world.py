"""A big warehouse in seconds: one product, bin, receipt and delivery by Odoo, the rest by SQL.

Every quant has the receipt that brought it, so the invariants hold from the beginning. The plain
world has goods by the piece under FIFO and stock for every order; the mixed one has lots, expiry
dates, packages, five removal rules and orders that ask for more than there is.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.benches.wave.rows import copies

START = datetime(2026, 1, 1)  # noqa: DTZ001 - Odoo keeps UTC without saying so
RULES = ("fifo", "lifo", "closest", "fefo", "fifo")  # by category of the mixed world


@dataclass(frozen=True)
class Sizes:
    """How big; ``mixed``: lots, packages, rules and shortages."""

    bins: int
    products: int
    quants: int
    pickings: int
    lines: int
    mixed: bool = False
    seed: int = 1


def build(odoo_env, **sizes) -> dict:
    """Build a world in a database and commit; ids of its deliveries."""
    builder = _Builder(odoo_env, Sizes(**sizes))
    builder.run()
    odoo_env.cr.commit()
    odoo_env.cr.execute("ANALYZE")
    odoo_env.cr.commit()
    return {"pickings": builder.pickings}


class _Builder:
    def __init__(self, odoo_env, sizes: Sizes):
        self.env, self.cr, self.sizes = odoo_env, odoo_env.cr, sizes
        self.rng = random.Random(sizes.seed)
        self.warehouse = odoo_env["stock.warehouse"].search([], limit=1)
        self.stock = self.warehouse.lot_stock_id
        self.vendors = odoo_env.ref("stock.stock_location_suppliers")
        self.pickings: list[int] = []

    def run(self) -> None:
        """Bins, goods, what is on hand, what is ordered."""
        self._bins()
        self._goods()
        self._on_hand()
        self._orders()
        self.env.invalidate_all()

    # ------------------------------------------------------------------------- bins
    def _bins(self) -> None:
        """20 aisles with as many bins each as are asked for."""
        from odoo.addons.inventory_wms.engine.bin_codes import natural_key

        locations = self.env["stock.location"]
        aisles = locations.create(
            [{"name": f"{n:02}", "location_id": self.stock.id} for n in range(1, 21)]
        )
        first = locations.create({"name": "first", "location_id": aisles[0].id})
        self.env.flush_all()
        owners = [aisles[n % 20] for n in range(self.sizes.bins)]
        names = [f"{owner.name}-{n // 20:03}" for n, owner in enumerate(owners)]
        full = [f"{owner.complete_name}/{name}" for owner, name in zip(owners, names, strict=True)]
        self.base_bin = copies(
            self.cr,
            first,
            self.sizes.bins,
            {
                "name": "v.name",
                "complete_name": "v.full_name",
                "barcode": "v.name",
                "location_id": "v.owner",
                "parent_path": "v.path || new_id || '/'",
                "wms_sort_key": "v.sort_key",
            },
            name=("text", names),
            full_name=("text", full),
            owner=("int", [owner.id for owner in owners]),
            path=("text", [owner.parent_path for owner in owners]),
            sort_key=("text", [natural_key(text) for text in full]),
        )

    # ------------------------------------------------------------------------ goods
    def _goods(self) -> None:
        number, mixed = self.sizes.products, self.sizes.mixed
        first = self.env["product.product"].create({"name": "Bench", "is_storable": True})
        self.env.flush_all()
        categories = [first.categ_id.id or None]
        if mixed:
            categories = [self._category(n, method) for n, method in enumerate(RULES)]
        self.method = [RULES[n % len(RULES)] if mixed else "fifo" for n in range(number)]
        # first expired first out needs dates; of the others every third is kept in lots
        self.dated = [method == "fefo" for method in self.method]
        self.in_lots = [dated or (mixed and n % 3 == 0) for n, dated in enumerate(self.dated)]
        template = copies(
            self.cr,
            first.product_tmpl_id,
            number,
            {
                "name": "jsonb_build_object('en_US', 'Bench ' || n)",
                "default_code": "'BENCH' || n",
                "categ_id": "v.category",
                "tracking": "v.tracking",
                "use_expiration_date": "v.dated",
            },
            category=("int", [categories[n % len(categories)] for n in range(number)]),
            tracking=("text", ["lot" if lots else "none" for lots in self.in_lots]),
            dated=("bool", self.dated),
        )
        self.base_product = copies(
            self.cr,
            first,
            number,
            {"product_tmpl_id": f"{template} + n", "default_code": "'BENCH' || n"},
        )

    def _category(self, number: int, method: str) -> int:
        removal = self.env["product.removal"].search([("method", "=", method)], limit=1)
        category = self.env["product.category"].create(
            {"name": f"Bench {number} {method}", "removal_strategy_id": removal.id}
        )
        return category.id

    # ---------------------------------------------------------------------- on hand
    def _on_hand(self) -> None:
        """Quants in random bins, each brought by a receipt of its own."""
        sizes, rng = self.sizes, self.rng
        seen, places = set(), []
        while len(places) < sizes.quants:
            place = (len(places) % sizes.products, rng.randrange(sizes.bins))
            if place not in seen:
                seen.add(place)
                places.append(place)
        data = {
            "product": ("int", [self.base_product + 1 + product for product, _bin in places]),
            "bin": ("int", [self.base_bin + 1 + place for _product, place in places]),
            "qty": ("numeric", [rng.randint(5, 40) for _place in places]),
            "received": (
                "timestamp",
                [START + timedelta(days=rng.randrange(250)) for _p in places],
            ),
            "lot": ("int", self._lots([product for product, _bin in places])),
            "package": ("int", self._packages(len(places))),
        }
        quant, move, line = self._receipt()
        same = {"product_id": "v.product", "lot_id": "v.lot"}
        dates = {"date": "v.received", "create_date": "v.received"}
        amounts = {"quantity": "v.qty", "product_uom_qty": "v.qty", "product_qty": "v.qty"}
        amounts |= {"quantity_product_uom": "v.qty", "location_dest_id": "v.bin"}
        moves = copies(self.cr, move, len(places), same | dates | amounts, **data)
        owner = {"move_id": f"{moves} + n", "result_package_id": "v.package"}
        copies(self.cr, line, len(places), same | dates | amounts | owner, **data)
        removal = "(SELECT removal_date FROM stock_lot WHERE id = v.lot)"
        copies(
            self.cr,
            quant,
            len(places),
            {**same, "location_id": "v.bin", "quantity": "v.qty", "in_date": "v.received"}
            | {"package_id": "v.package", "removal_date": removal, "reserved_quantity": "0"},
            **data,
        )
        self._counterpart(quant)

    def _day(self, first: int, days: int) -> datetime:
        return START + timedelta(days=first + self.rng.randrange(days))

    def _receipt(self):
        """One real receipt: its quant, move and line, which every copy is made of."""
        product = self.env["product.product"].create({"name": "Pattern", "is_storable": True})
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "location_id": self.vendors.id,
                "location_dest_id": self.stock.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = 1, True
        move._action_done()
        self.env.flush_all()
        quant = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "=", self.stock.id)]
        )
        return quant, move, move.move_line_ids

    def _lots(self, products: list[int]) -> list[int | None]:
        """A lot for every quant of the goods that are kept in lots."""
        wanted = [n for n, product in enumerate(products) if self.in_lots[product]]
        found: list[int | None] = [None] * len(products)
        if not wanted:
            return found
        first = self.env["stock.lot"].create(
            {"name": "first", "product_id": self.base_product + 1 + products[wanted[0]]}
        )
        self.env.flush_all()
        dates = [
            START + timedelta(days=500 + self.rng.randrange(400))
            if self.dated[products[n]]
            else None
            for n in wanted
        ]
        base = copies(
            self.cr,
            first,
            len(wanted),
            {"name": "'LOT' || n", "product_id": "v.product", "removal_date": "v.removal"},
            product=("int", [self.base_product + 1 + products[n] for n in wanted]),
            removal=("timestamp", dates),
        )
        for number, place in enumerate(wanted, start=1):
            found[place] = base + number
        return found

    def _packages(self, number: int) -> list[int | None]:
        """Every fifth quant of the mixed world lies in a package of its own."""
        if not self.sizes.mixed:
            return [None] * number
        first = self.env["stock.package"].create({"name": "first"})
        self.env.flush_all()
        inside = sorted(self.rng.sample(range(number), number // 5))
        base = copies(
            self.cr,
            first,
            len(inside),
            {
                "name": "'PACK' || n",
                "complete_name": "'PACK' || n",
                "parent_path": "new_id || '/'",
            },
        )
        found: list[int | None] = [None] * number
        for count, place in enumerate(inside, start=1):
            found[place] = base + count
        return found

    def _counterpart(self, quant) -> None:
        """What the vendors' location owes for all receipts, as Odoo keeps it."""
        self.cr.execute(
            """
            INSERT INTO stock_quant (product_id, location_id, lot_id, quantity, reserved_quantity,
                                     in_date, create_uid, create_date, write_uid, write_date)
            SELECT product_id, %s, lot_id, -sum(quantity), 0, min(in_date), 1, now(), 1, now()
              FROM stock_quant WHERE product_id > %s GROUP BY product_id, lot_id
            """,
            [self.vendors.id, self.base_product],
        )

    # ----------------------------------------------------------------------- orders
    def _orders(self) -> None:
        sizes, rng = self.sizes, self.rng
        out = self.warehouse.out_type_id
        out.reservation_method = "manual"
        ends = {
            "location_id": self.stock.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        first = self.env["stock.picking"].create({"picking_type_id": out.id, **ends})
        product = self.env["product.product"].search([("default_code", "=", "BENCH1")])
        move = self.env["stock.move"].create(
            {"product_id": product.id, "product_uom_qty": 1, "picking_id": first.id, **ends}
        )
        first.action_confirm()
        self.env.flush_all()
        base = copies(self.cr, first, sizes.pickings, {"name": "'BENCH/OUT/' || n"})
        self.pickings = list(range(base + 1, base + 1 + sizes.pickings))
        most = 60 if sizes.mixed else 5
        wanted = [
            product
            for _picking in self.pickings
            for product in rng.sample(range(sizes.products), sizes.lines)
        ]
        copies(
            self.cr,
            move,
            len(wanted),
            {
                "product_id": "v.product",
                "product_uom_qty": "v.qty",
                "product_qty": "v.qty",
                "picking_id": f"{base} + (n - 1) / {sizes.lines} + 1",
                "reference": f"'BENCH/OUT/' || ((n - 1) / {sizes.lines} + 1)",
            },
            product=("int", [self.base_product + 1 + product for product in wanted]),
            qty=("numeric", [rng.randint(1, most) for _move in wanted]),
        )
        first.action_cancel()
        self.env.flush_all()
