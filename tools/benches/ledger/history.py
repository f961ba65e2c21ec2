"""A long past in seconds: real transfers are made once and their rows copied by SQL.

Every copied transfer has its picking, move and move line and, with our add-ons, its layer or
consumption, its posting and its journal entry; the bench checks the invariants afterwards, so a
copy that does not add up is found.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from tools.benches.ledger.world import World

UNITS = 10  # of each receipt, at 9 and 11 in turns (or 10), so that the average is always 10
_MONEY = ("amount_", "debit", "credit", "balance", "price_")
_START = "(now() at time zone 'utc')::timestamp(0) - interval '300 days'"


@dataclass(frozen=True)
class Plan:
    """What every product has been through; the texts are SQL on ``i``, the number of a transfer.

    ``layer``: the receipt that delivery i takes; ``open``: whether receipt i is still there;
    ``after``: the receipt that delivery i follows; ``swing``: prices are 10 - and + this.
    """

    receipts: int
    deliveries: int
    units: int
    layer: str
    open: str
    after: str
    swing: int = 0


def half_open(method: str, number: int) -> Plan:
    """``number`` receipts of ten and as many deliveries of five; half the receipts are open."""
    newest = method == "lifo"  # two receipts, then two deliveries, which take the second one
    return Plan(
        number,
        number,
        UNITS // 2,
        layer="2 * ((i + 1) / 2)" if newest else "(i + 1) / 2",
        open="i % 2 = 1" if newest else f"i > {number // 2}",
        after="2 * ((i + 1) / 2)",
        swing=1,
    )


def ten_open(method: str, moves: int) -> Plan:
    """``moves`` receipts and deliveries together, of ten units each; ten receipts are open."""
    deliveries = (moves - 10) // 2
    newest = method == "lifo"
    return Plan(
        deliveries + 10,
        deliveries,
        UNITS,
        layer="i + 10" if newest else "i",
        open="i <= 10" if newest else f"i > {deliveries}",
        after="i + 10",
    )


def grow(world: World, products, method: str, plan: Plan) -> None:
    """Give products their past; what is there is worth 10 (FIFO and LIFO: 9 or 11) a unit."""
    sources = [world.transfer(products[0], UNITS, 10)]
    rest = UNITS
    while rest:  # everything leaves again, so the copies are all there is
        taken = min(plan.units, rest)
        sources.append(world.transfer(products[0], taken, None))
        rest -= taken
    for picking in sources:
        picking._action_done()
    world.env.cr.flush()
    _Copier(world, products, method, plan, sources).run()


class _Copier:
    def __init__(self, world, products, method, plan, sources):
        self.world, self.cr = world, world.env.cr
        self.products, self.method, self.plan = products, method, plan
        self.receipt, self.delivery = sources[0].move_ids, sources[1].move_ids
        self.averaged = method == "average"

    def run(self) -> None:
        """Copy receipts, then deliveries, then set what is on hand."""
        plan, ours = self.plan, self.world.ours
        price = f"({UNITS} * (10 + {plan.swing} * (CASE WHEN %s %% 2 = 1 THEN -1 ELSE 1 END)))"
        worth = price % "i"
        taken = f"({price % f'({plan.layer})'} * {plan.units} / {UNITS})"
        charged = f"{plan.units * 10}" if self.averaged else taken
        step = f"({_START} + %s * interval '{290 * 86400 // plan.receipts} seconds')"
        base = self._moves(self.receipt, plan.receipts, worth, step % "i", UNITS)
        if ours:
            postings = self._postings(self.receipt, plan.receipts, worth, base)
            layers = self._layers(worth, postings, base)
        when = step % f"({plan.after})" + " + interval '1 minute'"
        base = self._moves(self.delivery, plan.deliveries, charged, when, plan.units)
        if ours:
            postings = self._postings(self.delivery, plan.deliveries, charged, base)
            self._consumptions((charged, taken), postings, base, layers)
        self._on_hand()
        self.world.env.invalidate_all()

    # ------------------------------------------------------------------ rows
    def _copy(self, source, count: int, values: dict[str, str], scale: str = "") -> int:
        """Copy one row ``count`` times per product; the id before the first copy.

        :param values: column -> SQL on ``n`` (number of the copy), ``i`` (of the transfer within
            its product) and ``product``; columns that do not exist are left out
        :param scale: SQL that money columns are multiplied with
        """
        table, number = source._table, count * len(self.products)
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
            "AND table_schema = current_schema() AND column_name <> 'id'",
            [table],
        )
        columns = [name for (name,) in self.cr.fetchall()]
        texts = {name: f"t.{name}" for name in columns}
        if scale:
            texts |= {n: f"t.{n} * ({scale})" for n in columns if n.startswith(_MONEY)}
        texts |= {name: text for name, text in values.items() if name in texts}
        products = "{" + ",".join(map(str, self.products.ids)) + "}"
        self.cr.execute(f"SELECT nextval('{table}_id_seq')")
        base = self.cr.fetchone()[0]
        self.cr.execute(f"SELECT setval('{table}_id_seq', {base + number})")
        self.cr.execute(
            f"""
            INSERT INTO {table} (id, {", ".join(f'"{name}"' for name in columns)})
            SELECT {base} + n, {", ".join(texts[name] for name in columns)}
              FROM {table} t,
                   LATERAL (SELECT n, (n - 1) % {count} + 1 AS i,
                                   ('{products}'::int[])[(n - 1) / {count} + 1] AS product
                              FROM generate_series(1, {number}) n) series
             WHERE t.id = {source.id}
             ORDER BY n
            """
        )
        return base

    def _moves(self, move, count: int, value: str, when: str, units: int) -> dict[str, int]:
        """Copies of a transfer; table -> the id before its first copy."""
        picking = move.picking_id
        self.cr.execute("SELECT last_value FROM stock_picking_id_seq")
        name = f"'BENCH/' || ({self.cr.fetchone()[0] + 1} + n)"
        dates = {"date": when, "date_done": when, "scheduled_date": when, "create_date": when}
        base = {"picking": self._copy(picking, count, {"name": name, **dates}), "when": when}
        owner = {"picking_id": f"{base['picking']} + n", "product_id": "product", **dates}
        price = {"value": value, "price_unit": f"{value} / {units}.0", "reference": name}
        base["move"] = self._copy(move, count, owner | price)
        owner["move_id"] = f"{base['move']} + n"
        self._copy(move.move_line_ids, count, owner | {"reference": name})
        return base

    def _postings(self, move, count: int, value: str, base: dict) -> int:
        posting = self.world.env["wms.cost.posting"].search(
            [("picking_id", "=", move.picking_id.id)]
        )
        entry, day = posting.account_move_id, f"({base['when']})::date"
        self.cr.execute("SELECT last_value FROM account_move_id_seq")
        number = f"({self.cr.fetchone()[0] + 1} + n)"
        prefix = entry.sequence_prefix.replace(entry.date.strftime("%Y/%m"), "{month}")
        prefix = "'" + prefix.replace("{month}", f"' || to_char({day}, 'YYYY/MM') || '") + "'"
        named = {"date": day, "sequence_prefix": prefix, "sequence_number": number}
        scale = f"{value} / {posting.amount}"
        text = f"{prefix} || {number}"
        moves = self._copy(entry, count, {**named, "name": text}, scale)
        for line in entry.line_ids:
            owner = {"move_id": f"{moves} + n", "move_name": text, "product_id": "product"}
            self._copy(line, count, {**owner, "date": day}, scale)
        return self._copy(
            posting,
            count,
            {
                "key": f"'move:' || {base['move']} + n",
                "picking_id": f"{base['picking']} + n",
                "account_move_id": f"{moves} + n",
                "date": day,
                "event_date": day,
                "amount": value,
                "lines": f"replace(t.lines::text, '{posting.amount}', ({value})::text)::jsonb",
            },
        )

    def _owned(self, base: dict, postings: int) -> dict[str, str]:
        return {
            "product_id": "product",
            "move_id": f"{base['move']} + n",
            "picking_id": f"{base['picking']} + n",
            "posting_id": f"{postings} + n",
            "date": base["when"],
        }

    def _layers(self, worth: str, postings: int, base: dict) -> int:
        layer = self.world.env["wms.cost.layer"].search([("move_id", "=", self.receipt.id)])
        self._totals(layer.total_id)
        here = f"CASE WHEN {self.plan.open} THEN 1 ELSE 0 END"
        return self._copy(
            layer,
            self.plan.receipts,
            self._owned(base, postings)
            | {
                "total_id": "(SELECT id FROM wms_cost_total o WHERE o.product_id = product)",
                "value": worth,
                "unbilled_value": worth,
                "remaining_qty": f"{UNITS} * {here}",
                "remaining_value": f"{worth} * {here}",
            },
        )

    def _totals(self, total) -> None:
        """Products without a total get one; all are then what their open layers are."""
        self.cr.execute(
            SQL(
                """
                INSERT INTO wms_cost_total (company_id, product_id, category_id, qty, value)
                SELECT company_id, product.id, category_id, 0, 0
                  FROM wms_cost_total, unnest(%s) AS product(id)
                 WHERE wms_cost_total.id = %s
                    ON CONFLICT DO NOTHING
                """,
                self.products.ids,
                total.id,
            )
        )

    def _consumptions(self, worth: tuple[str, str], postings: int, base: dict, layers: int):
        plan = self.plan
        row = self.world.env["wms.cost.consumption"].search([("move_id", "=", self.delivery.id)])
        place = f"{layers} + (n - 1) / {plan.deliveries} * {plan.receipts} + ({plan.layer})"
        self._copy(
            row,
            plan.deliveries,
            self._owned(base, postings)
            | {"layer_id": place, "value": worth[0], "layer_value": worth[1]},
        )

    # --------------------------------------------------------------- on hand
    def _on_hand(self) -> None:
        """Quants as the transfers leave them, totals as the open layers say."""
        plan, world = self.plan, self.world
        came, went = plan.receipts * UNITS, plan.deliveries * plan.units
        company = world.env.company.id
        places = [
            (world.vendors.id, None, -came),
            (world.stock.id, company, came - went),
            (world.customers.id, None, went),
        ]
        self.cr.execute(
            SQL(
                """
                DELETE FROM stock_quant WHERE product_id = %(first)s;
                INSERT INTO stock_quant (product_id, location_id, company_id, quantity,
                                         reserved_quantity, in_date, create_date, create_uid,
                                         write_date, write_uid)
                SELECT product, place, company, quantity + CASE WHEN product = %(first)s
                                                           THEN sign(quantity) * %(units)s ELSE 0
                                                           END * (company IS NULL)::int,
                       0, now() at time zone 'utc', now(), 1, now(), 1
                  FROM unnest(%(products)s) product,
                       unnest(%(places)s::int[], %(companies)s::int[], %(quantities)s::float[])
                       AS here(place, company, quantity)
                """,
                first=self.products[0].id,
                units=UNITS,  # of the transfers that were copied
                products=self.products.ids,
                places=[place for place, _company, _quantity in places],
                companies=[owner for _place, owner, _quantity in places],
                quantities=[quantity for _place, _company, quantity in places],
            )
        )
        if world.ours:
            self._set_totals()
        world.env.flush_all()

    def _set_totals(self) -> None:
        self.cr.execute(
            SQL(
                """
                UPDATE wms_cost_total total SET qty = open.qty, value = open.value
                  FROM (SELECT total_id, sum(remaining_qty) AS qty, sum(remaining_value) AS value
                          FROM wms_cost_layer WHERE product_id = ANY(%s) GROUP BY total_id) open
                 WHERE open.total_id = total.id
                """,
                self.products.ids,
            )
        )
