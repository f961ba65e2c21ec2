"""Reading order files: every flaw has a name, every row comes out once, nothing else is raised."""

import time
from datetime import date
from decimal import Decimal

import pytest
from channel_connectors.engine.order_file import (
    COLUMNS,
    ENCODINGS,
    MAX_LINE,
    FileRefused,
    Options,
    parse,
)
from hypothesis import given, settings
from hypothesis import strategies as st

ROW = {
    "order_ref": "A1",
    "date": "2026-11-02",
    "customer": "Ada",
    "sku": "APPLE",
    "quantity": "2",
    "unit_price": "1.50",
    "ship_by": "2026-11-04",
    "carrier": "Parcel",
}
HEAD = ",".join(COLUMNS)


def text(*rows, delimiter=",", columns=COLUMNS):
    lines = [delimiter.join(columns)]
    lines += [delimiter.join((ROW | row).get(name, "") for name in columns) for row in rows]
    return "\n".join(lines)


def read(*rows, **how):
    return parse(text(*rows, **how).encode())


def codes(file):
    return [(bad.row, flaw.column, flaw.code) for bad in file.bad for flaw in bad.flaws]


def refusal(data, **options):
    with pytest.raises(FileRefused) as caught:
        parse(data, Options(**options))
    return caught.value


def test_a_good_row_is_typed():
    (row,) = read({}).good
    assert (row.row, row.line_no, row.order_ref, row.sku) == (2, 1, "A1", "APPLE")
    assert (row.date, row.ship_by) == (date(2026, 11, 2), date(2026, 11, 4))
    assert (row.quantity, row.unit_price) == (Decimal(2), Decimal("1.50"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_the_order_of_columns_are_found_out(delimiter):
    file = read({}, delimiter=delimiter, columns=tuple(reversed(COLUMNS)))
    assert file.good == read({}).good
    assert file.delimiter == delimiter


def test_headers_may_be_quoted_spaced_and_in_capitals_behind_blank_lines():
    head = ",".join(f'" {name.upper()} "' for name in COLUMNS)
    file = parse(("\n,,,,,,,\n" + head + "\n" + text({}).split("\n")[1]).encode())
    assert [row.row for row in file.good] == [4]


def test_blank_lines_count_as_rows_of_the_spreadsheet_but_are_no_rows():
    file = parse((text({}) + "\n\n,,,,,,,\n" + text({"sku": "PEAR"}).split("\n")[1]).encode())
    assert [row.row for row in file.good] == [2, 5]
    assert file.rows == 2


def test_line_numbers_survive_another_order_of_rows():
    rows = [{}, {"sku": "PEAR"}, {"quantity": "3"}]
    there = {(r.sku, r.line_no) for r in read(*rows).good}
    back = {(r.sku, r.line_no) for r in read(*reversed(rows)).good}
    assert there == back == {("APPLE", 1), ("APPLE", 2), ("PEAR", 1)}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_encodings(codec):
    option = codec.removesuffix("-sig")
    (row,) = parse(text({"customer": "Zoë"}).encode(codec), Options(encoding=option)).good
    assert row.customer == "Zoë"


@pytest.mark.parametrize(
    ("code", "data", "encoding"),
    [
        ("file_empty", b"", "utf-8"),
        ("file_empty", b"\xef\xbb\xbf\r\n \r\n", "utf-8"),
        ("file_empty", b",,,\n;;\n", "utf-8"),
        ("file_no_rows", HEAD.encode(), "utf-8"),
        ("file_no_rows", (HEAD + "\n,,,,,,,\n").encode(), "utf-8"),
        ("file_columns_missing", HEAD.replace(",sku", "").encode(), "utf-8"),
        ("file_columns_missing", b"hello world\n1", "utf-8"),
        ("file_columns_missing", b'"' + HEAD.encode(), "utf-8"),
        ("file_columns_twice", (HEAD + ",sku").encode(), "utf-8"),
        ("file_columns_unknown", (HEAD + ",colour").encode(), "utf-8"),
        ("file_columns_unknown", (HEAD + ",").encode(), "utf-8"),
        ("file_encoding", text({"customer": "Zoë"}).encode("latin-1"), "utf-8"),
        ("file_encoding", text({}).encode("utf-16"), "utf-8"),
        ("file_encoding", text({}).encode() + b"\x81", "cp1252"),
        ("file_encoding_is_utf8", text({"customer": "Zoë"}).encode(), "cp1252"),
        ("file_encoding_is_utf8", text({}).encode("utf-8-sig"), "latin-1"),
        ("file_encoding_name", text({}).encode(), "utf-7"),
        ("file_is_workbook", b"PK\x03\x04\x14\x00", "utf-8"),
        ("file_is_workbook", b"\xd0\xcf\x11\xe0\xa1", "utf-8"),
        ("file_nul", text({"customer": "A\0"}).encode(), "utf-8"),
        ("file_nul", text({}).encode("utf-16-le"), "utf-8"),
        ("file_quotes", text({"customer": '"Ada'}).encode(), "utf-8"),
        ("file_quotes", text({"customer": '"Ada"x'}).encode(), "utf-8"),
        ("file_line_too_long", text({"customer": "x" * MAX_LINE}).encode(), "utf-8"),
    ],
)
def test_a_file_that_can_not_be_read_as_rows_is_refused_by_name(code, data, encoding):
    assert refusal(data, encoding=encoding).code == code


def test_too_large_and_too_many(monkeypatch):
    assert refusal(text({}, {"sku": "B"}, {"sku": "C"}).encode(), max_rows=2).params["limit"] == 2
    monkeypatch.setattr("channel_connectors.engine.order_file.MAX_BYTES", 20)
    assert refusal(text({}).encode()).code == "file_too_large"


@pytest.mark.parametrize("column", ["order_ref", "customer", "sku", "carrier"])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", '"\t', '"\r', " =", "\uff1d"])
def test_formula_cells_are_refused(column, start):
    cell = f'{start}cmd"' if start.startswith('"') else f"{start}cmd"
    ((row, found, code),) = codes(read({column: cell}))
    assert (row, found, code) == (2, column, "cell_formula")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "cell_empty"),
        ("two", "number_text"),
        ("1e3", "number_text"),
        ("1.000.000", "number_text"),
        ("0x10", "number_text"),
        ("１２", "number_text"),
        ("1_000", "number_text"),
        ('"1,5"', "number_text"),
        ("0", "quantity_zero"),
        ("0.00", "quantity_zero"),
        ("-1", "number_negative"),
        ("-0", "number_negative"),
        ("1000001", "number_huge"),
        ("9" * 19, "number_huge"),
        ("2085123010004", "number_huge"),
        ("nan", "number_not_finite"),
        ("Infinity", "number_not_finite"),
        ("-inf", "number_not_finite"),
        ("#DIV/0!", "number_not_finite"),
        ("1.555", "number_decimals"),
        ("=1+1", "cell_formula"),
        ("+5", "cell_formula"),
        ("-A1", "cell_formula"),
        ("@SUM(A1)", "cell_formula"),
    ],
)
def test_quantities(cell, code):
    assert codes(read({"quantity": cell})) == [(2, "quantity", code)]


def test_a_price_may_be_zero_and_finer_than_a_cent_but_not_negative():
    good = read({"unit_price": "0"}, {"order_ref": "A2", "unit_price": "0.123456"}).good
    assert [row.unit_price for row in good] == [Decimal(0), Decimal("0.123456")]
    assert codes(read({"unit_price": "-1.00"})) == [(2, "unit_price", "number_negative")]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-02",
        "2026/11/2",
        "2026.11.02",
        "2.11.2026",
        "2026-11-02T10:30:00Z",
        "2026-11-02 10:30",
        "02.11.2026 10:30:59",
    ],
)
def test_dates_that_read_in_one_way(cell):
    (row,) = read({"date": cell}).good
    assert row.date == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "cell_empty"),
        ("02/11/2026", "date_two_ways"),
        ("2-11-26", "date_two_ways"),
        ("2026-02-30", "date_text"),
        ("2026-13-01", "date_text"),
        ("46328", "date_text"),
        ("yesterday", "date_text"),
        ("20261102", "date_text"),
        ("1899-12-31", "date_range"),
        ("9999-12-31", "date_range"),
        ("=TODAY()", "cell_formula"),
        ("-1", "cell_formula"),
    ],
)
def test_dates_that_do_not(cell, code):
    assert codes(read({"date": cell})) == [(2, "date", code)]


def test_other_flaws_of_a_row():
    assert codes(read({"ship_by": "2026-11-01"})) == [(2, "ship_by", "ship_by_before_date")]
    assert codes(read({"customer": "x" * 129})) == [(2, "customer", "cell_too_long")]
    assert codes(read({"customer": '"A\nB"'})) == [(2, "customer", "cell_line_break")]
    assert codes(read({"customer": "A\x07"})) == [(2, "customer", "cell_control")]
    assert codes(read({"carrier": "DHL,express"})) == [(2, "", "row_too_many_cells")]
    assert codes(parse((HEAD + "\nA1,2026-11-02").encode())) == [(2, "", "row_too_few_cells")]
    assert read({"ship_by": "", "carrier": ""}).good[0].ship_by is None


def test_all_flaws_of_a_row_are_told_at_once():
    found = codes(read({"date": "x", "sku": "", "quantity": "-1"}))
    assert found == [
        (2, "date", "date_text"),
        (2, "sku", "cell_empty"),
        (2, "quantity", "number_negative"),
    ]


def test_rows_that_do_not_agree_with_their_order():
    file = read(
        {},
        {"sku": "B", "customer": "Bob"},
        {"sku": "C", "date": "2026-11-03"},
        {"sku": "D", "ship_by": ""},
        {"sku": "E", "carrier": "Van"},
        {"sku": "F"},
    )
    assert codes(file) == [
        (3, "customer", "order_mismatch"),
        (4, "date", "order_mismatch"),
        (5, "ship_by", "order_mismatch"),
        (6, "carrier", "order_mismatch"),
    ]
    assert file.bad[0].flaws[0].params == {"value": "Bob", "first_row": 2, "first_value": "Ada"}
    assert [row.row for row in file.good] == [2, 7]


def test_a_repeated_row_is_a_flaw_and_another_price_is_another_line():
    file = read({}, {"quantity": "2.0"}, {"unit_price": "1.40"})
    assert codes(file) == [(3, "", "row_twice")]
    assert file.bad[0].flaws[0].params == {"first_row": 2}
    assert [row.row for row in file.good] == [2, 4]


def test_a_hundred_thousand_rows_take_seconds():
    body = "".join(
        f"B{n // 5},2026-11-02,Customer {n // 5 % 900},S{n % 997},{n % 9 + 1},1.{n % 90 + 10},,\n"
        for n in range(100_000)
    )
    data = f"{HEAD}\n{body}".encode()
    start = time.process_time()
    assert len(parse(data).good) == 100_000
    assert time.process_time() - start < 20
    assert refusal(data + b"X,2026-11-02,C,S,1,1,,\n").code == "file_too_many_rows"


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "A1", "2026-11-02", "2", "-3", "=x", "nan", '"', "\n", "\r", "\t", ";"]),
    *(st.just(value) for value in ROW.values()),
)
QUOTED = CELLS.map(lambda cell: '"' + cell.replace('"', '""') + '"')
LINES = st.lists(st.lists(st.one_of(CELLS, QUOTED), max_size=10), max_size=12)


@settings(deadline=None)
@given(LINES, st.sampled_from([",", ";", "\t"]), st.sampled_from(sorted(ENCODINGS)))
def test_any_cells_come_out_once_or_the_file_is_refused(lines, delimiter, encoding):
    body = "\n".join(delimiter.join(line) for line in lines)
    data = (delimiter.join(COLUMNS) + "\n" + body).encode("utf-8", "surrogatepass")
    try:
        file = parse(data, Options(encoding=encoding))
    except FileRefused as refused:
        assert refused.code.startswith("file_")
        return
    numbers = [row.row for row in file.good] + [bad.row for bad in file.bad]
    assert len(set(numbers)) == len(numbers) == file.rows > 0
    assert all(bad.flaws for bad in file.bad)
    identities = {(row.order_ref, row.sku, row.line_no) for row in file.good}
    assert len(identities) == len(file.good)
    for row in file.good:
        assert row.quantity > 0 and row.unit_price >= 0
        assert not row.customer.startswith(("=", "+", "-", "@"))


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from([*sorted(ENCODINGS), "klingon"]), st.booleans())
def test_any_bytes_are_refused_by_name_or_read(data, encoding, with_header):
    if with_header:
        data = HEAD.encode() + b"\n" + data
    try:
        file = parse(data, Options(encoding=encoding))
    except FileRefused as refused:
        assert refused.code.startswith("file_")
    else:
        assert file.rows == len(file.good) + len(file.bad) > 0


@given(
    st.lists(
        st.builds(
            dict,
            order_ref=st.sampled_from(["A1", "A2", "A3"]),
            sku=st.sampled_from(["APPLE", "PEAR"]),
            quantity=st.integers(1, 10**6).map(str),
            unit_price=st.decimals(0, 999, places=2).map(str),
        ),
        min_size=1,
        unique_by=lambda row: tuple(row.values()),
    )
)
def test_good_rows_are_all_kept_with_their_values(rows):
    file = read(*rows)
    assert not file.bad
    assert [str(row.quantity) for row in file.good] == [row["quantity"] for row in rows]
    assert [str(row.unit_price) for row in file.good] == [row["unit_price"] for row in rows]
