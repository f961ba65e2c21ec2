"""Reading an opening stock file."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from inventory_wms.engine.stock_rows import RowsError, keys, parse_rows, read_csv

HEAD = ["Product", "Lot", "Quantity", "Unit cost", "Date", "Location"]


def test_a_good_row():
    content = b"SKU;qty;cost;date\nMUG;1,5;2.50;2026-01-31\n"
    (row,) = parse_rows(read_csv(content))
    assert (row.product, row.quantity, row.unit_cost) == ("MUG", Decimal("1.5"), Decimal("2.50"))
    assert (row.day, row.errors, row.number) == (date(2026, 1, 31), [], 2)


def test_cells_of_a_spreadsheet():
    cells = [HEAD, [1001.0, None, 3, 2.5, datetime(2026, 1, 31, 5, tzinfo=UTC), "A-1"], [None] * 6]
    (row,) = parse_rows(cells)
    assert (row.product, row.day, row.location) == ("1001", date(2026, 1, 31), "A-1")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["", "", 1, 1, "", ""], "no product"),
        (["M", "", "x", 1, "", ""], "quantity: 'x' is not a number"),
        (["M", "", "nan", 1, "", ""], "quantity: 'nan' is not a number"),
        (["M", "", 0, 1, "", ""], "the quantity must be above 0"),
        (["M", "", 1, -1, "", ""], "the unit cost must not be below 0"),
        (["M", "", 1, "", "", ""], "unit cost: '' is not a number"),
        (["M", "", 1, 1, "31.1.26", ""], "date: '31.1.26' is not written as 2026-12-31"),
        (["M", "", 1], "unit cost: '' is not a number"),
    ],
)
def test_what_is_wrong_is_named(cells, says):
    (row,) = parse_rows([HEAD, cells])
    assert row.errors == [says]


def test_a_file_that_can_not_be_read():
    with pytest.raises(RowsError, match="missing: quantity, unit_cost"):
        parse_rows([["Product"], ["M"]])
    with pytest.raises(RowsError, match="empty"):
        read_csv(b"\n\n")
    assert read_csv("Stück\té\n".encode("latin-1")) == [["Stück", "é"]]


def test_keys_count_equal_rows():
    first, second, other = keys([("a", 1), ("a", 1), ("b", 1)])
    assert len({first, second, other}) == 3
    assert keys([("b", 1), ("a", 1)]) == [other, first]
