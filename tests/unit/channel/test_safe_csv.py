"""Exports that no spreadsheet runs."""

import csv
import io
from decimal import Decimal

import pytest
from channel_connectors.engine.safe_csv import safe_cell, to_csv
from hypothesis import given
from hypothesis import strategies as st

DANGER = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("start", [*DANGER, " =", "\uff1d"])
def test_formula_starts_are_disarmed(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


def test_numbers_stay_numbers_and_nothing_becomes_empty():
    assert [safe_cell(value) for value in (-1, -1.5, Decimal("-2"), None, False, "a-b")] == [
        -1,
        -1.5,
        Decimal("-2"),
        "",
        "",
        "a-b",
    ]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_any_export_is_a_formula(rows):
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    read = list(csv.reader(io.StringIO(to_csv(("a", "b"), rows).decode("utf-8-sig"), newline="")))
    assert len(read) == len(rows) + 1
    for found, row in zip(read[1:], rows, strict=True):
        for cell, value in zip(found, row, strict=True):
            assert not cell.startswith(DANGER)
            assert cell.removeprefix("'") == value.replace("\0", "").removeprefix("'")
