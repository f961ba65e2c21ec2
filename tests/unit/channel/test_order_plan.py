"""What a file changes: only orders nobody knows, and only whole ones unless asked otherwise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from channel_connectors.engine.order_file import BadRow, Flaw, OrderRow
from channel_connectors.engine.order_plan import digest, plan
from hypothesis import given
from hypothesis import strategies as st

ROW = OrderRow(2, 1, "A1", date(2026, 11, 2), "Ada", "APPLE", Decimal(2), Decimal("1.50"), None, "")
BAD = BadRow(3, "A1", (Flaw("sku", "cell_empty"),))


def known(*rows):
    found = {}
    for row in rows:
        found.setdefault(row.order_ref, {})[row.sku, row.line_no] = digest(row)
    return found


def test_new_orders_are_planned_with_their_rows():
    other = replace(ROW, row=3, sku="PEAR")
    (order,) = plan([ROW, other], [], {}).new
    assert (order.order_ref, order.customer, order.rows) == ("A1", "Ada", (ROW, other))


def test_known_rows_change_nothing():
    found = plan([ROW], [], known(ROW, replace(ROW, sku="PEAR")))
    assert (found.new, found.known_rows, found.known_orders) == ((), 1, 1)
    assert not found.changed


def test_other_content_or_another_row_of_a_known_order_is_reported():
    changed = replace(ROW, row=5, quantity=Decimal(3))
    added = replace(ROW, row=6, sku="PEAR")
    found = plan([changed, added], [], known(ROW))
    assert [(bad.row, bad.flaws[0].code) for bad in found.changed] == [
        (5, "order_changed"),
        (6, "order_row_added"),
    ]
    assert not found.new


def test_an_order_with_a_bad_row_waits_unless_asked_otherwise():
    assert plan([ROW], [BAD], {}).held == (ROW,)
    assert not plan([ROW], [BAD], {}).new
    assert plan([ROW], [BAD], {}, whole_orders=False).new


def test_a_fingerprint_ignores_how_a_number_is_written_and_nothing_else():
    assert digest(ROW) == digest(replace(ROW, quantity=Decimal("2.00"), row=9))
    for field, value in {
        "quantity": Decimal(20),
        "unit_price": Decimal("1.51"),
        "customer": "Bob",
        "date": date(2026, 11, 3),
        "ship_by": date(2026, 11, 4),
        "carrier": "Parcel",
    }.items():
        assert digest(ROW) != digest(replace(ROW, **{field: value})), field


ROWS = st.lists(
    st.builds(
        lambda ref, sku, quantity: replace(ROW, order_ref=ref, sku=sku, quantity=Decimal(quantity)),
        st.sampled_from("ABCD"),
        st.sampled_from("xyz"),
        st.integers(1, 3),
    ),
    unique_by=lambda row: (row.order_ref, row.sku),
)


@given(ROWS, ROWS, st.sets(st.sampled_from("ABCD")), st.booleans())
def test_every_good_row_has_one_fate_and_a_second_run_finds_nothing_new(
    rows, before, stopped, whole
):
    bad = [BadRow(9, ref, (Flaw("", "row_twice"),)) for ref in stopped]
    first = plan(rows, bad, known(*before), whole)
    fates = sum(len(order.rows) for order in first.new) + first.known_rows
    assert fates + len(first.held) + len(first.changed) == len(rows)
    imported = [row for order in first.new for row in order.rows]
    again = plan(rows, bad, known(*before, *imported), whole)
    assert not again.new
    assert (again.held, again.changed) == (first.held, first.changed)
