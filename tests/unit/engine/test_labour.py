"""People needed, and what is learnt from history."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.labour import Work, derive, people_needed

amounts = st.integers(0, 40)
works = st.builds(Work, amounts, amounts, amounts, amounts)
factors = st.tuples(*[st.integers(0, 30)] * 4)


def seconds_of(factor, work):
    """What the work takes at these factors."""
    return sum(a * b for a, b in zip(factor, work.row(), strict=True))


@given(st.floats(0, 1e6), st.floats(1, 1e5), st.floats(0.05, 1))
def test_people_are_enough_and_one_less_is_not(work, left, used):
    people = people_needed(work, left, used)
    assert people * left * used >= work * (1 - 1e-9)
    if people > 1:
        assert (people - 1) * left * used < work


def test_people_after_the_deadline():
    assert people_needed(0, -5) == 0
    with pytest.raises(ValueError, match="passed"):
        people_needed(1, 0)
    with pytest.raises(ValueError, match="utilisation"):
        people_needed(1, 1, 0)


@given(factors, st.lists(works, min_size=12, max_size=30))
def test_exact_history_is_explained(factor, history):
    rows = [(work, seconds_of(factor, work)) for work in history]
    found = derive(rows)
    assert min(found) >= 0
    for work, seconds in rows:
        if seconds:
            assert math.isclose(seconds_of(found, work), seconds, rel_tol=1e-3, abs_tol=1e-2)


@given(st.lists(st.tuples(works, st.integers(1, 400)), min_size=1, max_size=8))
def test_no_grid_point_is_better(history):
    """The oracle: a coarse grid of non-negative factors never beats the solution."""
    found = derive(history, rounds=0)

    def error(factor):
        return sum(
            (seconds - seconds_of(factor, work)) ** 2
            for work, seconds in history
            if any(work.row())
        )

    grid = itertools.product((0, 1, 5, 20), repeat=4)
    assert error(found) <= min(error(point) for point in grid) + 1e-6


def test_one_long_talk_does_not_count():
    history = [(Work(stops=n, metres=10 * n), 12 * n + 10 * n) for n in range(1, 12)]
    clean = derive(history)
    assert derive([*history, (Work(stops=2, metres=20), 4_000)]) == pytest.approx(clean, rel=1e-3)


def test_nothing_to_learn():
    assert derive([]) == (0, 0, 0, 0)
    assert derive([(Work(), 10), (Work(stops=1), 0)]) == (0, 0, 0, 0)
