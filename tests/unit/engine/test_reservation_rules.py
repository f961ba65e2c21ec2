"""Rules of removal and choosers against brute force: ranks, fewest bins, full cases."""

from collections import defaultdict
from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.reservation import (
    ChooserError,
    Need,
    Part,
    Pool,
    Source,
    allocate,
    tightest,
)

FREE = st.integers(0, 9)
STOCK = st.lists(st.tuples(st.integers(1, 3), FREE, st.integers(1, 3)), min_size=1, max_size=5)
WANTED = st.lists(st.integers(1, 12), min_size=1, max_size=6)


def pool(stock, rule="rank", case=0):
    """A pool of (rank, free, bin) as the rule wants it sorted."""
    sources = [
        Source(number, rank, Decimal(free), place)
        for number, (rank, free, place) in enumerate(stock)
    ]
    return Pool(tuple(sorted(sources, key=lambda s: s.rank)), rule, Decimal(case))


def orders(quantities, name="apple"):
    """One order of one need for each quantity."""
    return [(n, [Need(n, name, Decimal(q))]) for n, q in enumerate(quantities)]


def given_by(plan):
    """source -> quantity, and need -> {rank position: quantity}."""
    by_source, by_need = defaultdict(Decimal), defaultdict(lambda: defaultdict(Decimal))
    for take in plan.takes:
        by_source[take.source] += take.quantity
        by_need[take.need][take.rank_position] += take.quantity
    return by_source, by_need


def fullest_first(portions, groups):
    """Another chooser: any order of sources must be allowed within a rank."""
    free = {s.key: s.free for group in groups.values() for s in group}
    parts = []
    for number in reversed(range(len(portions))):
        rest = portions[number].quantity
        for source in sorted(groups[portions[number].group], key=lambda s: -free[s.key]):
            quantity = min(rest, free[source.key])
            if quantity:
                free[source.key] -= quantity
                rest -= quantity
                parts.append(Part(number, source.key, quantity))
    return parts


def served(left, quantity):
    """{rank position: part} of a quantity; ``left`` by rank is reduced."""
    parts = {}
    for position, rank in enumerate(sorted(left)):
        part = min(quantity - sum(parts.values()), left[rank])
        left[rank] -= part
        if part:
            parts[position] = part
    return parts


@given(STOCK, WANTED, st.booleans(), st.sampled_from([tightest, fullest_first]))
def test_ranks_go_out_one_after_the_other_whoever_chooses(stock, wanted, partial, choose):
    plan = allocate(orders(wanted), {"apple": pool(stock)}, partial, choose)
    left = defaultdict(int)
    for rank, free, _place in stock:
        left[rank] += free
    by_source, by_need = given_by(plan)
    for number, quantity in enumerate(wanted):
        there = sum(left.values())
        expected = served(left, quantity) if partial or there >= quantity else {}
        assert by_need.get(number, {}) == expected
        missing = sum(s.missing for s in plan.shortages.get(number, ()))
        assert missing == max(0, quantity - there)
    assert all(by_source[n] <= free for n, (_rank, free, _place) in enumerate(stock))


@given(STOCK, st.integers(1, 30))
def test_fewest_bins(stock, wanted):
    found = pool(stock, "fewest_bins")
    plan = allocate(orders([wanted]), {"apple": found})
    bins = defaultdict(int)
    for _rank, free, place in stock:
        bins[place] += free
    enough = [
        size
        for size in range(len(bins) + 1)
        if any(sum(some) >= wanted for some in combinations(bins.values(), size))
    ]
    assert bool(plan.shortages) == (not enough)
    if enough:
        by_source, _by_need = given_by(plan)
        assert sum(by_source.values()) == wanted
        assert len({stock[key][2] for key in by_source}) == enough[0]
        assert all(quantity <= stock[key][1] for key, quantity in by_source.items())


def cases_of(stock, quantities, case):
    """(whole cases given, minus cases opened): more is better."""
    whole = opened = 0
    for (_rank, free, _place), quantity in zip(stock, quantities, strict=True):
        cases = min(quantity // case, free // case)
        whole += cases
        opened += quantity - cases * case > free % case
    return whole, -opened


@given(
    st.lists(st.tuples(st.integers(1, 2), st.integers(0, 7), st.integers(1, 3)), max_size=3),
    st.integers(1, 12),
    st.integers(2, 4),
)
def test_full_cases_first_and_few_are_opened(stock, wanted, case):
    plan = allocate(orders([wanted]), {"apple": pool(stock, "full_case", case)})
    choices = product(*(range(free + 1) for _rank, free, _place in stock))
    possible = [choice for choice in choices if sum(choice) == wanted]
    assert bool(plan.shortages) == (not possible)
    if possible:
        by_source, _by_need = given_by(plan)
        chosen = [int(by_source[number]) for number in range(len(stock))]
        assert sum(chosen) == wanted
        assert all(q <= free for q, (_rank, free, _place) in zip(chosen, stock, strict=True))
        best = max(cases_of(stock, choice, case) for choice in possible)
        assert cases_of(stock, chosen, case) == best


def test_older_cases_go_first():
    stock = [(1, 10, 1), (2, 24, 2), (3, 24, 3)]
    plan = allocate(orders([30]), {"apple": pool(stock, "full_case", 12)})
    by_source, _by_need = given_by(plan)
    # no whole case lies in the oldest bin, but its loose units go before a case is opened
    assert by_source == {1: 24, 0: 6}


def test_needs_that_see_different_parts_of_the_stock():
    """The first need empties what the second one sees; together they take no unit twice."""
    near, far = Source("near", 1, Decimal(5)), Source("far", 1, Decimal(5))
    pools = {"near": Pool((near,)), "both": Pool((near, far))}
    wanted = [Need("first", "both", Decimal(5)), Need("second", "near", Decimal(3))]
    plan = allocate([("one", wanted[:1]), ("two", wanted[1:])], pools, partial=True)
    by_source, by_need = given_by(plan)
    assert all(quantity <= 5 for quantity in by_source.values())
    assert sum(by_need["first"].values()) == 5


def test_pools_of_the_same_contents_are_one():
    """Two names for one pool (other dates, nothing expired between) share their ranks."""
    stock = pool([(1, 4, 1), (1, 4, 2)])
    wanted = [("a", [Need("a", "today", Decimal(3))]), ("b", [Need("b", "later", Decimal(5))])]
    seen = []

    def spy(portions, groups):
        seen.extend(portions)
        return tightest(portions, groups)

    plan = allocate(wanted, {"today": stock, "later": stock}, choose=spy)
    assert not plan.shortages
    assert len({portion.group for portion in seen}) == 1


def test_within_says_how_much_may_be_promised():
    packs = Need("l", "apple", Decimal(24), lambda available: available // 12 * 12)
    plan = allocate([("o", [packs])], {"apple": pool([(1, 9, 1), (2, 9, 2)])}, partial=True)
    by_source, _by_need = given_by(plan)
    assert sum(by_source.values()) == 12
    assert plan.shortages["o"][0].missing == 12


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Part(0, 0, Decimal(2))],
        [Part(0, 1, Decimal(3))],
        [Part(0, 0, Decimal(4)), Part(0, 0, Decimal(-1))],
        [Part(0, "elsewhere", Decimal(3))],
        [Part(0, 0, Decimal(3)), Part(1, 0, Decimal(3))],
    ],
)
def test_a_chooser_that_breaks_the_rule_is_refused(parts):
    stock = pool([(1, 5, 1), (2, 5, 2)])
    with pytest.raises(ChooserError):
        allocate(orders([3, 2]), {"apple": stock}, choose=lambda _portions, _groups: parts)
