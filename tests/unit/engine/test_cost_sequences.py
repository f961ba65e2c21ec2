"""Random lives of a product against exact books: the invariants after every single step.

``./wms test --full tests/unit/engine/test_cost_sequences.py`` runs 10,000 of them, otherwise a
few hundred. A failure is shrunk by hypothesis to the shortest life that still fails.

1  a layer: its value with corrections = what was taken from it and what remains
2  the pool: in + corrections - out = its layers + spread - deficits = exact books; 0 units = 0.00
3  units: layers - deficits = what is there
4  ledger: stock account = pool; goods received not invoiced = what is open, 0 when all is billed
5  an issue = its slices and what is provisional, each slice from a receipt
6  the rows replay to the same pool, and a window of the layers gives the same as all of them
(7, core's figures, needs documents: addons/inventory_wms/tests/test_valuation_sequences.py)
"""

import os
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from exact_books import ExactBooks, Near
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_wms.engine import cost_corrections as corrections
from inventory_wms.engine import cost_layers
from inventory_wms.engine.cost_corrections import Issued, Open
from inventory_wms.engine.cost_layers import METHODS, Deficit, Layer, Pool, spread_over

ZERO = Decimal(0)
GUESS = 250  # cents a unit costs when nothing tells it
LIVES = 10_000 if os.environ.get("WMS_PROFILE") == "full" else 300


class Life:
    """One product on its way through the engine and, beside it, through exact books.

    The rows are what the add-on would write; ``ledger`` is what it would post.
    """

    def __init__(self, method):
        self.pool = Pool(method)
        how = METHODS[method]
        self.exact = ExactBooks(how.newest_first, how.averaged)
        self.last = 0
        self.received = {}  # layer -> [units, value with corrections]
        self.taken = []  # [issue, layer, units, value, layer value, back units, back value]
        self.gaps = {}  # issue -> [open units, open value, back units, back value]
        self.costs = {}  # issue -> [units, value]
        self.unbilled = {}  # layer -> [units, value]
        self.bought = {}  # layer -> units that were not sent back before their bill
        self.ledger = Counter()

    def key(self):
        self.last += 1
        return self.last

    def post(self, debit, credit, value):
        self.ledger[debit] += value
        self.ledger[credit] -= value

    # ------------------------------------------------------------------ goods come in
    def receive(self, units, value, credit="G", worth=None):
        key = self.key()
        done = cost_layers.receive(self.pool, key, units, value)
        self.pool = done.pool
        self.received[key] = [units, value]
        self.post("V", credit, value)
        for part in done.settlements:
            self.taken.append([part.deficit_key, key, part.qty, part.value, part.value, ZERO, 0])
            gap, cost = self.gaps[part.deficit_key], self.costs[part.deficit_key]
            gap[0] -= part.qty
            gap[1] -= part.provisional
            cost[1] += part.value - part.provisional
            self.post("C", "V", part.value - part.provisional)
        if worth is None:
            self.exact.receive(key, units, Near(Fraction(value)))
        return key

    def buy(self, units, value):
        key = self.receive(units, value)
        self.unbilled[key] = [units, value]
        self.bought[key] = units

    def more_received(self, pick, units):
        """Another quantity of a done receipt: the rest comes in at the same cost of one."""
        layer = self.choose(self.bought, pick)
        if layer:
            whole, value = self.received[layer]
            self.buy(
                units,
                cost_layers.round_half_up(Fraction(value) * Fraction(units) / Fraction(whole)),
            )

    # ------------------------------------------------------------------- goods leave
    def issue(self, units, first=None, debit="C"):
        key = self.key()
        self.check_window(units, first)
        if first is None:
            done = cost_layers.issue(self.pool, key, units, Fraction(GUESS))
        else:
            done = cost_layers.issue_from(self.pool, [first], key, units, Fraction(GUESS))
        self.pool = done.pool
        for part in done.slices:
            self.taken.append(
                [key, part.layer_key, part.qty, part.value, part.layer_value, ZERO, 0]
            )
        if done.deficit:
            self.gaps[key] = [done.deficit.qty, done.deficit.value, ZERO, 0]
        self.costs[key] = [units, done.value]
        self.post(debit, "V", done.value)
        exact = self.exact.issue(key, units, Fraction(GUESS), first)
        assert exact.allows(done.value), f"issue {key} costs {done.value}, exactly {exact}"
        return key, done

    def check_window(self, units, first):
        """The add-on reads only as many layers as an issue takes; the answer must be the same."""
        newest = METHODS[self.pool.method].newest_first
        layers, enough = list(self.pool.layers), []
        for layer in reversed(layers) if newest else layers:
            if sum((one.qty for one in enough), ZERO) >= units and layer.key != first:
                continue
            enough.append(layer)
        window = replace(self.pool, layers=tuple(sorted(enough, key=lambda one: one.key)))
        wanted = [first] if first else []
        whole = cost_layers.issue_from(self.pool, wanted, -1, units, Fraction(GUESS))
        part = cost_layers.issue_from(window, wanted, -1, units, Fraction(GUESS))
        assert (part.slices, part.deficit) == (whole.slices, whole.deficit)

    def come_back(self, pick, units):
        """Goods of an issue come back at what they left at (the last taken first)."""
        issue = self.choose(self.costs, pick)
        if not issue:
            return
        rows = [row for row in self.taken if row[0] == issue]
        out = [
            Issued(at, row[2] - row[5], row[3] - row[6])
            for at, row in enumerate(self.taken)
            if row in rows
        ]
        gap = self.gaps.get(issue)
        if gap:
            out.append(Issued(-issue, gap[0], gap[1], provisional=True))
        back = corrections.take_back([part for part in out if part.qty], units)
        keys = iter(range(self.last + 1, self.last + 1 + len(back)))
        for part in back:
            self.take_part_back(issue, part)
        came = sum((part.qty for part in back), ZERO)
        if came:
            worth = self.exact.come_back(issue, came, lambda: next(keys))
            assert worth.allows(sum(part.value for part in back))

    def take_part_back(self, issue, part):
        if part.provisional:
            self.pool, value = corrections.cancel_deficit(self.pool, issue, part.qty)
            gap = self.gaps[issue]
            gap[0] -= part.qty
            gap[1] -= value
            gap[2] += part.qty
            gap[3] += value
            self.post("V", "C", value)
            return
        row = self.taken[part.key]
        row[5] += part.qty
        row[6] += part.value
        self.receive(part.qty, part.value, "C", worth="in exact.come_back")

    def send_back(self, pick, units):
        """Goods go back to their vendor, out of the layer they came in with (or: fewer came)."""
        layer = self.choose(self.bought, pick)
        units = min(units, self.pool.qty, self.received.get(layer, [ZERO])[0])
        if not layer or units <= 0:
            return
        key, done = self.issue(units, layer, "G")
        open_side = [Open(layer, *self.unbilled[layer])]
        gone = [Open(at, part.qty, part.layer_value) for at, part in enumerate(done.slices)]
        pairs = corrections.match(open_side, gone)
        cleared = sum(pair.left for pair in pairs)
        for pair in pairs:
            self.unbilled[layer][0] -= pair.qty
            self.unbilled[layer][1] -= pair.left
            self.bought[layer] -= pair.qty
        refund = sum(part.value for part in gone) - sum(pair.right for pair in pairs)
        self.ledger["refunded"] += refund  # the vendor pays back what was billed
        self.post("X", "G", done.value - cleared - refund)

    # ----------------------------------------------------------------- later costs
    def bill(self, pick, units, more):
        """A bill for units of a receipt, ``more`` cents beyond what they were received at."""
        layer = self.choose(self.unbilled, pick)
        if not layer or not self.unbilled[layer][0]:
            return
        waiting = self.unbilled[layer]
        units = min(units, waiting[0])
        value = cost_layers.share(waiting[1], units, waiting[0]) + more
        (pair,) = corrections.match([Open(layer, *waiting)], [Open(-1, units, value)])
        waiting[0] -= units
        waiting[1] -= pair.left
        self.post("G", "AP", value)
        assert pair.difference == more
        self.correct(layer, more, "G")
        assert waiting[0] or not waiting[1], "fully billed, and something is open"

    def correct(self, layer, amount, credit):
        there = next((row.qty for row in self.pool.layers if row.key == layer), ZERO)
        whole = max(self.bought.get(layer, self.received[layer][0]), there)
        split = (
            corrections.split_correction(amount, whole, there)
            if whole
            else corrections.Split(0, amount)
        )
        if split.on_hand:
            self.pool = corrections.revalue_layer(self.pool, layer, split.on_hand)
            self.received[layer][1] += split.on_hand
        self.post("V", credit, split.on_hand)
        self.post("X", credit, split.consumed)
        kept = self.exact.correct(layer, Near(Fraction(amount)), whole or 1)
        assert kept.allows(split.on_hand)

    def landed(self, pick, amount):
        """Freight for a receipt: the share of what is on hand is stock."""
        layer = self.choose(self.received, pick)
        if layer:
            self.correct(layer, amount, "freight")

    def revalue(self, amount):
        if not self.pool.layers:
            return
        parts = spread_over(amount, [layer.qty for layer in self.pool.layers])
        for layer, part in zip(self.pool.layers, parts, strict=True):
            self.pool = corrections.revalue_layer(self.pool, layer.key, part)
            self.received[layer.key][1] += part
        self.post("V", "R", amount)
        self.exact.revalue(amount)

    @staticmethod
    def choose(rows, pick):
        keys = sorted(rows)
        return keys[pick % len(keys)] if keys else None

    # -------------------------------------------------------------------- invariants
    def check(self):
        self.check_layers()
        self.check_pool()
        self.check_ledger()
        self.check_issues()
        self.check_replay()

    def check_layers(self):
        left = {layer.key: layer.value for layer in self.pool.layers}
        gone = Counter()
        for row in self.taken:
            gone[row[1]] += row[4]
        for layer, (_units, value) in self.received.items():
            assert value == gone[layer] + left.get(layer, 0), f"layer {layer}"

    def check_pool(self):
        pool = self.pool
        held = sum((row.qty for row in pool.layers), ZERO)
        missing = sum((row.qty for row in pool.deficits), ZERO)
        below = sum(row.value for row in pool.deficits)
        assert pool.qty == held - missing == self.exact.units
        assert pool.value == sum(row.value for row in pool.layers) + pool.spread - below
        assert all(row.qty > 0 for row in pool.layers + pool.deficits)
        assert not (held and missing)
        assert pool.qty or not pool.value
        assert METHODS[pool.method].averaged or not pool.spread
        assert self.exact.worth.allows(pool.value), f"{pool.value}, exactly {self.exact.worth}"

    def check_ledger(self):
        """V = pool; G = what is open; nothing is booked one-sided."""
        assert self.ledger["V"] == self.pool.value
        waiting = sum(value for _units, value in self.unbilled.values())
        assert self.ledger["G"] == self.ledger["refunded"] - waiting
        assert not sum(self.ledger.values()) - self.ledger["refunded"]

    def check_issues(self):
        for issue, (units, value) in self.costs.items():
            rows = [row for row in self.taken if row[0] == issue]
            gap = self.gaps.get(issue, [ZERO, 0, ZERO, 0])
            assert sum((row[2] for row in rows), ZERO) + gap[0] + gap[2] == units
            assert sum(row[3] for row in rows) + gap[1] + gap[3] == value
            assert all(row[1] in self.received for row in rows)

    def check_replay(self):
        """The pool, built from nothing but the rows."""
        layers = {key: list(row) for key, row in self.received.items()}
        for row in self.taken:
            layers[row[1]][0] -= row[2]
            layers[row[1]][1] -= row[4]
        rest = tuple(Layer(key, *row) for key, row in sorted(layers.items()) if row[0])
        gaps = tuple(Deficit(key, *row[:2]) for key, row in sorted(self.gaps.items()) if row[0])
        assert (self.pool.layers, self.pool.deficits) == (rest, gaps)


# ---------------------------------------------------------------------------- events
fine = st.decimals(min_value="0.01", max_value="500", places=2)
whole = st.integers(1, 60).map(Decimal)
cents = st.integers(0, 10**6)
more = st.integers(-(10**4), 10**4)
pick = st.integers(0, 50)


def events(units):
    """Lists of what can happen to a product: (method of Life, arguments)."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("buy"), units, cents),
            st.tuples(st.just("issue"), units),
            st.tuples(st.just("buy"), units, cents),
            st.tuples(st.just("issue"), units),
            st.tuples(st.just("come_back"), pick, units),
            st.tuples(st.just("send_back"), pick, units),
            st.tuples(st.just("more_received"), pick, units),
            st.tuples(st.just("bill"), pick, units, more),
            st.tuples(st.just("landed"), pick, more),
            st.tuples(st.just("revalue"), more),
        ),
        min_size=1,
        max_size=25,
    )


def live(method, happenings):
    life = Life(method)
    for name, *words in happenings:
        getattr(life, name)(*words)
        life.check()
    return life


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("units", ["fine", "whole"])
def test_lives(method, units):
    """A third (a quarter with four methods) of the budget for each method, half of it each."""

    @settings(max_examples=LIVES // (2 * len(METHODS)) + 1)
    @given(events({"fine": fine, "whole": whole}[units]))
    def every(happenings):
        live(method, happenings)

    every()


@pytest.mark.parametrize("method", ["fifo", "lifo"])
def test_lives_without_rounding_are_exact(method):
    """Whole units at whole cents: the exact books and the engine agree to the last fraction."""
    priced = st.tuples(st.integers(1, 60), st.integers(0, 9000)).map(
        lambda pair: ("buy", Decimal(pair[0]), pair[0] * pair[1])
    )
    happenings = st.lists(
        st.one_of(
            priced,
            st.tuples(st.just("issue"), whole),
            st.tuples(st.just("come_back"), pick, whole),
            st.tuples(st.just("send_back"), pick, whole),
        ),
        min_size=1,
        max_size=25,
    )

    @settings(max_examples=LIVES // 6)
    @given(happenings)
    def every(events):
        life = live(method, events)
        assert life.pool.value == life.exact.worth.exact
        for issue, parts in life.exact.issues.items():
            left = sum(row[3] - row[6] for row in life.taken if row[0] == issue)
            left += life.gaps.get(issue, [0, 0])[1]
            assert left == sum(part.charged.exact for part in parts)

    every()


def test_the_checks_can_fail():
    """A cent lost anywhere is found."""
    life = live("fifo", [("buy", Decimal(3), 1000), ("issue", Decimal(1))])
    for fault in (
        {"pool": replace(life.pool, value=life.pool.value + 1)},
        {"received": {1: [Decimal(3), 1001]}},
        {"ledger": life.ledger + Counter(V=1)},
        {"costs": {2: [Decimal(1), 334]}},
    ):
        broken = Life("fifo")
        broken.__dict__.update(life.__dict__ | fault)
        with pytest.raises(AssertionError):
            broken.check()
