"""Cartons: every item once, inside, nothing overlaps; exact against all placements when tiny."""

import dataclasses
import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import cartons
from inventory_wms.engine.cartons import Box, Item, Limits, bound, plan

KINDS = (
    Box("S", 200, 150, 100, tare=60, max_weight=5_000),
    Box("M", 300, 220, 150, tare=120, max_weight=10_000, cost=0.4),
    Box("L", 400, 300, 250, tare=260, max_weight=20_000, cost=0.9),
    Box("tube", 900, 90, 90, tare=90, max_weight=4_000, cost=0.5),
)

sides = st.integers(20, 260)
items = st.builds(
    Item, st.integers(0, 99), sides, sides, sides, st.integers(0, 4_000), st.booleans(),
    st.sampled_from((True, True, True, False)),
)  # fmt: skip
orders = st.lists(items, min_size=1, max_size=9).map(
    lambda many: [dataclasses.replace(item, key=number) for number, item in enumerate(many)]
)
carriers = st.builds(
    Limits,
    st.none() | st.integers(500, 30_000),
    st.none() | st.integers(150, 1_000),
    st.none() | st.integers(500, 3_000),
)


def cuboid(one):
    return (one.x, one.y, one.z, one.x + one.length, one.y + one.width, one.z + one.height)


def overlap(a, b):
    return all(a[n] < b[n + 3] and b[n] < a[n + 3] for n in range(3))


def over(a, b):
    """Whether ``a`` is above ``b`` at any height."""
    return a[2] >= b[5] and all(a[n] < b[n + 3] and b[n] < a[n + 3] for n in range(2))


def check_box(packed):
    """No overlap, inside, turned only as allowed, on the floor or on something, nothing on top
    of what carries nothing."""
    rooms = [cuboid(one) for one in packed.placed]
    assert not any(overlap(a, b) for a, b in itertools.combinations(rooms, 2))
    for one, room in zip(packed.placed, rooms, strict=True):
        assert min(room[:3]) >= 0
        assert all(room[n + 3] <= packed.box.inner[n] for n in range(3))
        item = one.item
        turned, given_ = (one.length, one.width, one.height), (item.length, item.width, item.height)
        assert sorted(turned) == sorted(given_)
        assert not item.upright or one.height == item.height
        rests = [other for other in rooms if over(room, other) and other[5] == room[2]]
        assert room[2] == 0 or rests
        assert item.stackable or not any(over(other, room) for other in rooms)


@given(orders, carriers)
def test_every_item_once_and_every_rule_kept(many, limits):
    found = plan(many, KINDS, limits)
    packed = [one.item for box in found.boxes for one in box.placed]
    assert sorted(item.key for item in [*packed, *found.left]) == [item.key for item in many]
    for one in found.boxes:
        assert one.placed
        check_box(one)
        assert limits.take(one.box)
        assert one.weight <= min(one.box.max_weight, limits.weight or 1e9)
        assert one.weight == one.box.tare + sum(p.item.weight for p in one.placed)
    # what is left fits no box even alone
    assert all(bound([item], KINDS, limits) is None for item in found.left)


@given(orders, carriers)
def test_equal_questions_get_equal_answers(many, limits):
    assert plan(many, KINDS, limits) == plan(list(many), list(KINDS), limits)


@given(orders, carriers)
def test_one_box_is_never_below_the_bound(many, limits):
    found = plan(many, KINDS, limits)
    if len(found.boxes) == 1 and not found.left:
        (one,) = found.boxes
        least = bound(many, KINDS, limits)
        assert (one.box.cost, one.box.volume) >= (least.cost, least.volume)


# ------------------------------------------------------------------- the oracle, tiny cases
def cells(x, y, z, turn, box, column):
    """The unit cells a cuboid takes, as the bits of one number."""
    top = box.height if column else z + turn[2]
    bits = 0
    for a in range(x, x + turn[0]):
        for b in range(y, y + turn[1]):
            for c in range(z, top):
                bits |= 1 << ((a * box.width + b) * box.height + c)
    return bits


def every_place(item, box):
    """The cells of an item at every whole position in every turn."""
    three = (item.length, item.width, item.height)
    turns = {turn for turn in itertools.permutations(three)}
    if item.upright:
        turns = {turn for turn in turns if turn[2] == item.height}
    return {
        cells(x, y, z, turn, box, not item.stackable)
        for turn in turns
        for x in range(box.length - turn[0] + 1)
        for y in range(box.width - turn[1] + 1)
        for z in range(box.height - turn[2] + 1)
    }


def fits(many, box, taken=0):
    if not many:
        return True
    return any(
        fits(many[1:], box, taken | place)
        for place in every_place(many[0], box)
        if not place & taken
    )


small = st.integers(1, 4)
tiny = st.lists(
    st.builds(Item, st.just(0), small, small, small, st.just(0.0), st.booleans(), st.booleans()),
    min_size=1, max_size=3,
)  # fmt: skip
tiny_boxes = st.lists(
    st.builds(Box, st.just(0), small, small, small, cost=st.integers(0, 2)), min_size=1, max_size=4
).map(lambda many: [dataclasses.replace(box, key=number) for number, box in enumerate(many)])


@given(tiny, tiny_boxes)
def test_tiny_orders_get_the_best_box_there_is(many, boxes):
    possible = [(box.cost, box.volume) for box in boxes if fits(many, box)]
    found = plan(many, boxes)
    if possible:
        (one,) = found.boxes
        assert (one.box.cost, one.box.volume) == min(possible)
    else:
        assert len(found.boxes) != 1 or found.left


def test_three_bars_around_a_corner():
    """The packing that no straight cut divides: three rods of 2 in a cube of 2."""
    bars = [Item(number, 2, 1, 1) for number in range(3)]
    (one,) = plan(bars, [Box("cube", 2, 2, 2)]).boxes
    check_box(one)


# ------------------------------------------------------------------------------ more than one
def test_two_boxes_when_one_is_too_small():
    blocks = [Item(number, 200, 150, 100, 900) for number in range(3)]
    found = plan(blocks, [Box("S", 200, 150, 100), Box("double", 400, 150, 100, cost=1.5)])
    assert sorted(one.box.key for one in found.boxes) == ["S", "double"]


def test_weight_opens_another_box():
    bricks = [Item(number, 50, 50, 50, 3_000) for number in range(4)]
    found = plan(bricks, KINDS[:1])  # 5 kg at most, 60 g of it the box
    assert [len(one.placed) for one in found.boxes] == [1, 1, 1, 1]
    light = [dataclasses.replace(brick, weight=2_470) for brick in bricks]
    assert [len(one.placed) for one in plan(light, KINDS[:1]).boxes] == [2, 2]


def test_a_rod_needs_the_tube_and_the_carrier_must_take_it():
    rod = Item("rod", 880, 40, 40, 500)
    (one,) = plan([rod], KINDS).boxes
    assert one.box.key == "tube"
    assert plan([rod], KINDS, Limits(length=800)) == cartons.Plan((), (rod,))
    assert plan([rod], KINDS, Limits(girth=900 + 4 * 90)).boxes
    assert not plan([rod], KINDS, Limits(girth=900 + 4 * 90 - 1)).boxes
    thick = [dataclasses.replace(KINDS[3], wall=2)]
    assert not plan([rod], thick, Limits(length=903)).boxes
    assert plan([rod], thick, Limits(length=904)).boxes


def test_this_side_up_needs_the_higher_box():
    low, high = Box("low", 300, 300, 100), Box("high", 200, 200, 320)
    bottle = Item("bottle", 80, 80, 300)
    assert plan([bottle], [low, high]).boxes[0].box.key == "low"
    upright = dataclasses.replace(bottle, upright=True)
    assert plan([upright], [low, high]).boxes[0].box.key == "high"


def test_nothing_stands_on_what_carries_nothing():
    tall = [Box("tower", 100, 100, 200), Box("flat", 210, 100, 100, cost=1)]
    cake = Item("cake", 100, 100, 100, upright=True, stackable=False)
    tin = Item("tin", 100, 100, 100)
    (one,) = plan([cake, tin], tall).boxes
    assert one.box.key == "tower"
    assert {placed.item.key: placed.z for placed in one.placed} == {"tin": 0, "cake": 100}
    (one,) = plan([cake, dataclasses.replace(cake, key=2)], tall).boxes
    assert one.box.key == "flat"


def test_sides_must_be_positive():
    with pytest.raises(ValueError, match="sides must be positive"):
        plan([Item("flat", 10, 10, 0)], KINDS)
    with pytest.raises(ValueError, match="sides must be positive"):
        plan([Item("a", 10, 10, 10)], [Box("flat", 10, 10, 0)])


def test_no_boxes_and_no_items():
    item = Item("a", 10, 10, 10)
    assert plan([item], []) == cartons.Plan((), (item,))
    assert plan([], KINDS) == cartons.Plan((), ())


def test_a_hundred_pieces_stay_quick():
    chance = random.Random(3)
    many = [
        Item(number, *(chance.randint(20, 120) for _side in range(3)), 100) for number in range(100)
    ]
    begin = time.process_time()
    found = plan(many, KINDS)
    assert time.process_time() - begin < 3
    assert sum(len(one.placed) for one in found.boxes) == 100
    for one in found.boxes:
        check_box(one)
