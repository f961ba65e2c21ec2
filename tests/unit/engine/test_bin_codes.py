"""Bin codes: natural order, check digits, patterns and the mistakes they name."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine import bin_codes, bin_pattern, routing
from inventory_wms.engine.bin_codes import check_digits, natural_key
from inventory_wms.engine.bin_pattern import Grid, PatternError

codes = st.text("ABCXYZ0123456789", min_size=2, max_size=12)


@pytest.mark.parametrize("module", [bin_codes, bin_pattern, routing])
def test_examples_in_the_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["A", "WH/Stock/B-", ""]))
def test_numbers_sort_as_numbers(one, other, prefix):
    keys = [natural_key(f"{prefix}{one}"), natural_key(f"{prefix}{other}")]
    assert (keys[0] < keys[1]) == (one < other)


def test_natural_order():
    ordered = ["A1", "A2", "A02-1", "A10", "a10-2", "Ä11", "B", "B1"]
    assert sorted(ordered[::-1], key=natural_key) == ordered


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_codes_never_share_a_key(one, other):
    assert (natural_key(one) == natural_key(other)) == (one == other)


@given(codes, st.data())
def test_check_digits_notice_one_wrong_sign(code, data):
    place = data.draw(st.integers(0, len(code) - 1))
    sign = data.draw(st.sampled_from([s for s in "ABCXYZ0123456789" if s != code[place]]))
    assert check_digits(code) != check_digits(code[:place] + sign + code[place + 1 :])


@given(codes, st.data())
def test_check_digits_notice_exchanged_neighbours(code, data):
    place = data.draw(st.integers(0, len(code) - 2))
    one, other = code[place], code[place + 1]
    changed = code[:place] + other + one + code[place + 2 :]
    assert (check_digits(code) == check_digits(changed)) == (one == other)


def test_pattern_with_two_sides_and_steps():
    plan = bin_pattern.bins(
        "Z-{aisle:02}-{bay}{level}{slot}",
        {"aisle": "2-6/2", "bay": "1-4", "level": "A,C", "slot": "1-2"},
        Grid(aisle_pitch=4, bay_pitch=2, level_height=1.5, two_sided=True, x=10, y=5),
    )
    assert len(plan) == 3 * 4 * 2 * 2
    last = plan[-1]
    assert last.code == "Z-06-4C2"
    assert (last.aisle, last.bay, last.level, last.slot) == ("6", "4", "C", "2")
    assert (last.x, last.y, last.z) == (18, 5 + 1 + 3, 1.5)
    facing = {one.bay: one.y for one in plan}
    assert facing["1"] == facing["2"] != facing["3"]
    assert Grid(bay_pitch=2, two_sided=True).depth(5) == 2 + 3 * 2


@given(st.integers(1, 6), st.integers(1, 12), st.integers(1, 4), st.booleans())
def test_every_bin_is_planned_once_inside_its_block(aisles, bays, levels, two_sided):
    grid = Grid(two_sided=two_sided)
    ranges = {"aisle": f"1-{aisles}", "bay": f"1-{bays}", "level": f"1-{levels}"}
    plan = bin_pattern.bins("{aisle}-{bay}-{level}", ranges, grid)
    assert len({one.code for one in plan}) == len(plan) == aisles * bays * levels
    assert all(grid.clearance <= one.y <= grid.depth(bays) - grid.clearance for one in plan)
    assert len({one.x for one in plan}) == aisles


@pytest.mark.parametrize(
    ("pattern", "changes", "code"),
    [
        ("{rack}", {}, "unknown_placeholder"),
        ("{}", {}, "unknown_placeholder"),
        ("{aisle:x}", {}, "bad_width"),
        ("{aisle:99}", {}, "bad_width"),
        ("A^FS{aisle}", {"bay": "1"}, "bad_text"),
        ("Ö{aisle}", {"bay": "1"}, "bad_text"),
        ("{aisle}-{bay}-{level}", {}, "missing_range"),
        ("{aisle}", {}, "unused_range"),
        ("{aisle}-{bay}", {"bay": "3-1"}, "bad_range"),
        ("{aisle}-{bay}", {"bay": "A-3"}, "bad_range"),
        ("{aisle}-{bay}", {"bay": "-3"}, "bad_range"),
        ("{aisle}-{bay}", {"bay": "1--3"}, "bad_range"),
        ("{aisle}-{bay}", {"bay": ","}, "empty_range"),
        ("{aisle}-{bay}", {"bay": "1-999999"}, "too_many"),
        ("{aisle}-{bay}", {"bay": "1-20000"}, "too_many"),
        ("{aisle}{bay}", {"aisle": "1,11", "bay": "1,11"}, "duplicate_code"),
        ("{aisle}-{bay} and a really very long word", {}, "long_code"),
    ],
)
def test_mistakes_are_named(pattern, changes, code):
    with pytest.raises(PatternError) as caught:
        bin_pattern.bins(pattern, {"aisle": "1-2", "bay": "1-3", **changes}, Grid())
    assert caught.value.code == code


def test_an_impossible_grid_is_named():
    with pytest.raises(PatternError) as caught:
        bin_pattern.bins("{aisle}", {"aisle": "1"}, Grid(bay_pitch=0))
    assert (caught.value.code, caught.value.params) == ("bad_grid", {"name": "bay_pitch"})
