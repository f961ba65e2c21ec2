"""Recost from a date: the history of one pool, read, replayed and compared with the books.

The history is read per pool, so memory is that of one product.  Before anything is
compared the replay has to reproduce what is booked to the cent; a product whose history
holds something the replay does not know is refused with the reason, never half recosted.
Writing the result: valuation_recost_write.py.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine import recost
from ..engine.cost_layers import CostError, Slice
from ..engine.recost import Arrival, Correction, Cut, Departure, Fact
from .valuation_numbers import Numbers

#: kinds of layers and corrections that a replay reproduces
_LAYERS = {"receipt", "count", "return", "opening", "import"}
_CORRECTIONS = {"bill", "unbill"}
#: kinds without an effect on layers, and what earlier recosts have written
_IGNORED = {"prebill", "refund", "invoice", "recost"}


class Refused(Exception):
    """The product can't be recosted; the text is for the accountant."""


@dataclass
class History:
    """What is known of one pool.

    ``taken``: move id -> booked slices; ``rows``: move id -> its facts (account, reference, ...);
    ``variance``: layer id -> corrections of units that had left, as booked.
    """

    method: str
    facts: list = field(default_factory=list)
    taken: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    variance: dict = field(default_factory=dict)
    upto: int = 0
    value: int = 0


@dataclass
class Plan:
    """What a recost changes: shipments, layers' corrections (layer id -> minor units), accounts."""

    numbers: Numbers
    total: object
    history: History
    before: recost.Outcome
    after: recost.Outcome
    changes: list = field(default_factory=list)
    moved: dict = field(default_factory=dict)
    balances: dict = field(default_factory=dict)

    @property
    def differs(self):
        """Whether anything has to be written."""
        return bool(self.changes or self.moved or self.after.layers != self.before.layers)


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _preview_recost(self, line):
        """Replay a pool and store what would change on a line of the job."""
        line.recost_id.move_ids.filtered(lambda row: row.line_id == line).unlink()
        try:
            plan = self._plan_recost(line)
        except Refused as reason:
            line.write({"state": "refused", "reason": str(reason), "lines": False})
            return
        numbers = plan.numbers
        line.write(
            {
                "state": "ready" if plan.differs else "same",
                "reason": False,
                "version": line.total_id.version,
                "upto": plan.history.upto,
                "value_before": numbers.amount(plan.before.pool.value),
                "value_after": numbers.amount(plan.after.pool.value),
                "lines": {
                    str(account): numbers.amount(balance)
                    for account, balance in plan.balances.items()
                    if balance
                },
            }
        )
        self.env["wms.valuation.recost.move"].create(
            [self._recost_move_values(line, change, plan) for change in plan.changes]
        )

    def _recost_move_values(self, line, change, plan):
        row, numbers = plan.history.rows[change.key], plan.numbers

        def parts(slices):
            return ", ".join(
                f"{part.qty.normalize():f} @ {numbers.amount(part.value) / float(part.qty):.4g}"
                for part in slices
            )

        return {
            "line_id": line.id,
            "move_id": change.key,
            "picking_id": row["picking_id"],
            "date": row["date"],
            "account_id": row["account_id"],
            "qty": float(sum(part.qty for part in change.after)),
            "cost_before": numbers.amount(recost.cost_of(change.before)),
            "cost_after": numbers.amount(recost.cost_of(change.after)),
            "difference": numbers.amount(change.difference),
            "before": parts(change.before),
            "after": parts(change.after),
        }

    def _sum_recost_accounts(self, job):
        """The total of the preview per account."""
        sums = defaultdict(float)
        for line in job.line_ids.filtered(lambda line: line.state == "ready"):
            for account, balance in (line.lines or {}).items():
                sums[int(account)] += balance
        job.account_ids.unlink()
        self.env["wms.valuation.recost.account"].create(
            [
                {
                    "recost_id": job.id,
                    "account_id": account,
                    "debit": max(balance, 0),
                    "credit": max(-balance, 0),
                }
                for account, balance in sorted(sums.items())
            ]
        )

    # ------------------------------------------------------------------------- plan
    def _plan_recost(self, line):
        """What a recost of the line's pool does.

        :return: :class:`Plan`
        :raises Refused: with the reason
        """
        numbers = Numbers.of(self.env)
        total = line.total_id
        history = self._recost_history(total, numbers)
        cuts = self._earlier_cuts(line)
        try:
            before = recost.replay(history.method, recost.arrange(history.facts, cuts))
            cuts.append(Cut(line.recost_id.since_at))
            after = recost.replay(history.method, recost.arrange(history.facts, cuts))
        except CostError as error:
            raise Refused(
                self.env._("its history can't be replayed: %(error)s", error=error)
            ) from None
        self._check_reproduced(history, before)
        plan = Plan(numbers, total, history, before, after)
        plan.changes = recost.compare(history.taken, after)
        plan.moved = {
            layer: booked - after.variance.get(layer, 0)
            for layer, booked in history.variance.items()
            if booked != after.variance.get(layer, 0)
        }
        self._check_changes(plan)
        self._balance_plan(plan)
        return plan

    def _earlier_cuts(self, line):
        done = self.env["wms.valuation.recost.line"].search(
            [("total_id", "=", line.total_id.id), ("state", "=", "done")], order="id"
        )
        return [Cut(row.recost_id.since_at, row.upto) for row in done]

    def _balance_plan(self, plan):
        """Account -> balance in minor units (debit positive); they add up to nothing."""
        product, balances = plan.total.product_id, defaultdict(int)
        stock = self._recost_stock_account(plan.total)
        balances[stock.id] += plan.after.pool.value - plan.before.pool.value
        balances[self._account(product, "variance").id] -= sum(plan.moved.values())
        for change in plan.changes:
            balances[plan.history.rows[change.key]["account_id"]] += change.difference
        if sum(balances.values()):
            raise Refused(self.env._("its replay does not add up"))
        plan.balances = dict(balances)

    def _recost_stock_account(self, total):
        """The stock account of a pool: its place's own, else the product's."""
        own = total.place_id.wms_stock_account_id
        return own or self._account(total.product_id, "valuation")

    # ----------------------------------------------------------------------- checks
    def _check_reproduced(self, history, before):
        """Refuse what the books and the engine disagree about.

        :raises Refused: with the first difference
        """
        if before.pool.deficits:
            raise Refused(self.env._("units are missing: they left before they were received"))
        for change in recost.compare(history.taken, before):
            raise Refused(
                self.env._(
                    "%(reference)s is booked in a way that a replay does not reproduce (a switch "
                    "of the method, or a correction by hand)",
                    reference=history.rows[change.key]["reference"],
                )
            )
        if before.pool.value != history.value:
            raise Refused(self.env._("its stock value is not what its history leaves"))

    def _check_changes(self, plan):
        """Refuse changes of shipments that other documents have built on.

        :raises Refused: names the transfer
        """
        if plan.after.pool.deficits:
            raise Refused(self.env._("in the order of the dates units would be missing"))
        for change in plan.changes:
            row = plan.history.rows[change.key]
            reason = row["fixed"]
            if reason:
                raise Refused(f"{row['reference']}: {reason}")

    # --------------------------------------------------------------------- history
    def _recost_history(self, total, numbers):
        """Read one pool's history.

        :return: :class:`History`
        :raises Refused: when it holds something that a replay does not know
        """
        product = total.product_id
        history = History(self._recost_method(product), value=numbers.minor(total.value))
        if history.method == "standard":
            raise Refused(self.env._("has a standard cost, which dates do not change"))
        for model in ("layer", "consumption", "deficit", "adjustment", "total"):
            self.env[f"wms.cost.{model}"].flush_model()
        self.env["stock.move"].flush_model()
        events = [
            *self._read_arrivals(total, numbers, history),
            *self._read_departures(total, numbers, history),
            *self._read_corrections(total, numbers, history),
        ]
        events.sort(key=lambda event: event[0])
        history.facts = [Fact(place[0], at, event) for place, at, event in events]
        history.upto = max((place[0] for place, _at, _event in events), default=0)
        return history

    def _recost_method(self, product):
        return product._wms_cost_flow()

    def _read_arrivals(self, total, numbers, history):
        """((posting, 0, move, layer), time, event) of each layer."""
        self.env.cr.execute(
            SQL(
                """
                SELECT layer.id, layer.kind, layer.qty, layer.value, layer.cleared_qty,
                       coalesce(layer.posting_id, 0), coalesce(layer.move_id, 0),
                       coalesce(move.date, layer.date)
                  FROM wms_cost_layer layer
                  LEFT JOIN stock_move move ON move.id = layer.move_id
                 WHERE layer.total_id = %s AND layer.kind NOT IN ('average', 'before')
                """,
                total.id,
            )
        )
        for layer, kind, qty, value, cleared, posting, move, at in self.env.cr.fetchall():
            if kind not in _LAYERS:
                raise Refused(self.env._("holds layers of the kind '%(kind)s'", kind=kind))
            units = numbers.qty(qty)
            event = Arrival(layer, units, numbers.minor(value), units - numbers.qty(cleared))
            yield (posting, 0, move, layer), at, event

    def _read_corrections(self, total, numbers, history):
        self.env.cr.execute(
            SQL(
                """
                SELECT adjustment.id, adjustment.kind, layer.id, coalesce(adjustment.on_hand, 0),
                       coalesce(adjustment.consumed, 0), coalesce(adjustment.posting_id, 0),
                       adjustment.date
                  FROM wms_cost_adjustment adjustment
                  JOIN wms_cost_layer layer ON layer.id = adjustment.layer_id
                 WHERE layer.total_id = %s
                   AND (coalesce(adjustment.on_hand, 0) <> 0
                        OR coalesce(adjustment.consumed, 0) <> 0)
                """,
                total.id,
            )
        )
        for number, kind, layer, on_hand, consumed, posting, at in self.env.cr.fetchall():
            on_hand, consumed = numbers.minor(on_hand), numbers.minor(consumed)
            history.variance[layer] = history.variance.get(layer, 0) + consumed
            if kind in _CORRECTIONS:
                yield (posting, 2, number, 0), at, Correction(layer, on_hand + consumed)
            elif kind not in _IGNORED:
                raise Refused(self.env._("holds corrections of the kind '%(kind)s'", kind=kind))

    def _read_departures(self, total, numbers, history):
        """((posting, 1, move, 0), time, event) of each move that took goods."""
        rows = self._select_departures(total)
        units, wanted = defaultdict(Decimal), self._returned_layers(total)
        for row in rows:
            qty, move = numbers.qty(row["qty"]), row["move_id"]
            known = history.rows.setdefault(move, {**row, "fixed": "", "accounts": set()})
            known["posting_id"] = min(known["posting_id"], row["posting_id"])
            known["accounts"].add(row["account_id"])
            self._note_fixed(known, row)
            if row["layer_id"]:
                self._add_taken(history, move, row, numbers)
            if not row["deficit_id"]:  # a settlement's units are those of its deficit
                units[move] += qty
        for move, known in history.rows.items():
            self._name_account(total, known)
            if not units[move]:
                continue
            event = Departure(move, units[move], wanted.get(move, ()))
            yield (known["posting_id"], 1, move, 0), known["date"], event

    def _select_departures(self, total):
        self.env.cr.execute(
            SQL(
                """
                SELECT parts.*, move.date, coalesce(picking.name, move.reference, '') AS reference,
                       move.picking_id, place.usage
                  FROM (SELECT row.move_id, row.layer_id, row.deficit_id, row.qty, row.value,
                               row.layer_value, row.account_id,
                               coalesce(row.posting_id, 0) AS posting_id,
                               row.returned_qty, row.refundable_qty, row.uninvoiced_qty
                          FROM wms_cost_consumption row
                          JOIN wms_cost_layer layer ON layer.id = row.layer_id
                         WHERE layer.total_id = %(total)s AND row.qty > 0
                           AND layer.kind <> 'before'
                     UNION ALL
                        SELECT move_id, NULL, NULL, qty, 0, 0, account_id,
                               coalesce(posting_id, 0), returned_qty, 0, 0
                          FROM wms_cost_deficit
                         WHERE total_id = %(total)s AND qty > 0) parts
                  JOIN stock_move move ON move.id = parts.move_id
                  JOIN stock_location place ON place.id = move.location_dest_id
                  LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                 ORDER BY parts.move_id
                """,
                total=total.id,
            )
        )
        return self.env.cr.dictfetchall()

    def _note_fixed(self, known, row):
        """Remember why another cost of a move would contradict a later document."""
        if row["usage"] == "supplier":
            known["fixed"] = self.env._("goods that went back to their vendor would cost more")
        elif row["usage"] == "production":
            known["fixed"] = self.env._("was used to make goods, whose cost would not follow")
        elif row["usage"] in ("internal", "transit"):
            known["fixed"] = self.env._("goods moved to another account would cost more")
        elif row["returned_qty"]:
            known["fixed"] = self.env._("its customer has sent goods back at the booked cost")
        elif row["uninvoiced_qty"]:
            known["fixed"] = self.env._("is not invoiced yet; invoice it first")

    def _name_account(self, total, known):
        """The account that bears a difference: that of the shipment, expense for invoiced goods."""
        shipped = self._account(total.product_id, "shipped", required=False)
        cogs = self._account(total.product_id, "cogs")
        accounts = {cogs.id if account == shipped.id else account for account in known["accounts"]}
        known["account_id"] = min(accounts, key=lambda account: account or 0) or cogs.id
        if len(accounts) > 1:
            known["fixed"] = self.env._("is charged to several accounts")

    def _add_taken(self, history, move, row, numbers):
        slices = {part.layer_key: part for part in history.taken.get(move, ())}
        part = Slice(
            row["layer_id"],
            numbers.qty(row["qty"]),
            numbers.minor(row["value"]),
            numbers.minor(row["layer_value"]),
        )
        old = slices.get(part.layer_key)
        if old:
            part = Slice(
                part.layer_key,
                part.qty + old.qty,
                part.value + old.value,
                part.layer_value + old.layer_value,
            )
        slices[part.layer_key] = part
        history.taken[move] = tuple(slices.values())

    def _returned_layers(self, total):
        """Move that sends goods back to a vendor -> ids of the layers it takes first."""
        self.env.cr.execute(
            SQL(
                """
                SELECT back.id,
                       array_agg(held.id ORDER BY held.id <> layer.id, layer.id, held.id)
                  FROM wms_cost_layer layer
                  JOIN stock_move back ON back.origin_returned_move_id = layer.move_id
                  JOIN stock_location place ON place.id = back.location_dest_id
                  JOIN wms_cost_layer held
                    ON held.id = layer.id OR held.root_layer_id = layer.id
                 WHERE held.total_id = %s AND place.usage = 'supplier'
                 GROUP BY back.id
                """,
                total.id,
            )
        )
        return {move: tuple(layers) for move, layers in self.env.cr.fetchall()}
