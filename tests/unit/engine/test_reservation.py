"""The choice of stock: whole orders, the removal rule, never more than there is."""

import random
from decimal import Decimal

import pytest
from inventory_wms.engine.reservation import Need, Pool, Source, allocate


def source(key, rank, free):
    """A source with a whole quantity."""
    return Source(key, rank, Decimal(free))


def need(key, quantity, pool="apple"):
    """A need of a whole quantity."""
    return Need(key, pool, Decimal(quantity))


def pools_of(**sources):
    """Pools by name, each a sequence of sources sorted by rank."""
    return {name: Pool(tuple(found)) for name, found in sources.items()}


def taken(plan):
    """(need, source, quantity) of every take, sorted."""
    return sorted((take.need, take.source, int(take.quantity)) for take in plan.takes)


def test_oldest_rank_first_even_if_it_costs_a_second_stop():
    pools = pools_of(apple=[source("old", 1, 2), source("new", 2, 9)])
    plan = allocate([("o", [need("l", 5)])], pools)
    assert taken(plan) == [("l", "new", 3), ("l", "old", 2)]
    assert {take.source: take.rank_position for take in plan.takes} == {"old": 0, "new": 1}


def test_equal_rank_takes_the_tightest_bin_that_covers_all():
    pools = pools_of(apple=[source("big", 1, 50), source("tight", 1, 6), source("small", 1, 4)])
    plan = allocate([("o", [need("l", 5)])], pools)
    assert taken(plan) == [("l", "tight", 5)]
    assert plan.takes[0].covers


def test_equal_rank_without_a_covering_bin_takes_the_fullest_first():
    pools = pools_of(apple=[source("a", 1, 3), source("b", 1, 4), source("c", 1, 2)])
    plan = allocate([("o", [need("l", 6)])], pools)
    assert taken(plan) == [("l", "a", 2), ("l", "b", 4)]


def test_an_order_that_is_not_whole_gives_everything_back():
    pools = pools_of(apple=[source("a", 1, 5)], pear=[source("p", 1, 1)])
    first = ("first", [need("f1", 5), need("f2", 2, "pear")])
    second = ("second", [need("s1", 5)])
    plan = allocate([first, second], pools)
    assert taken(plan) == [("s1", "a", 5)]
    (shortage,) = plan.shortages["first"]
    assert (shortage.need, shortage.missing) == ("f2", 1)


def test_partial_keeps_what_was_found_and_tells_the_rest():
    pools = pools_of(apple=[source("a", 1, 2)])
    plan = allocate([("o", [need("l", 5)])], pools, partial=True)
    assert taken(plan) == [("l", "a", 2)]
    assert plan.shortages["o"][0].missing == 3


def test_unknown_pool_is_a_shortage():
    assert allocate([("o", [need("l", 1, "nowhere")])], {}).shortages["o"][0].missing == 1


def random_case(seed):
    """Twelve orders over shared sources of three kinds: (shared sources, pools, orders)."""
    rng = random.Random(seed)
    names = ["apple", "pear", "plum"]
    shared = [source(f"s{i}", rng.randint(1, 3), rng.randint(0, 9)) for i in range(9)]
    pools = {
        name: Pool(
            tuple(sorted(rng.sample(shared, rng.randint(1, 9)), key=lambda found: found.rank))
        )
        for name in names
    }
    orders = [
        (o, [need((o, i), rng.randint(1, 7), rng.choice(names)) for i in range(rng.randint(1, 4))])
        for o in range(12)
    ]
    return shared, pools, orders


def total(takes, name):
    """Quantity by ``need`` or ``source``."""
    found = {}
    for take in takes:
        key = getattr(take, name)
        found[key] = found.get(key, 0) + take.quantity
    return found


@pytest.mark.parametrize("seed", range(60))
def test_never_more_than_there_is_and_never_part_of_an_order(seed):
    shared, pools, orders = random_case(seed)
    plan = allocate(orders, pools)
    given = total(plan.takes, "source")
    assert all(take.quantity > 0 for take in plan.takes)
    assert all(given.get(found.key, 0) <= found.free for found in shared)
    whole = {
        wanted.key: wanted.quantity
        for order, needs in orders
        if order not in plan.shortages
        for wanted in needs
    }
    assert total(plan.takes, "need") == whole
