"""The demo's extract: bounds of the committed files, and the same bytes from the same input."""

import csv
import importlib.util
import lzma
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tools" / "demo" / "data"
FILES = ("products.csv", "receipts.csv", "orders.csv", "orders_full_day.csv")


def _module():
    spec = importlib.util.spec_from_file_location("demo_extract", ROOT / "tools/demo/extract.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


extract = _module()


def _rows(name, folder=DATA):
    with (folder / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture
def source(tmp_path):
    """The committed day in the source's own format, with everything the extract must refuse."""
    names = {row["sku"]: row["name"].upper() for row in _rows("products.csv")}
    head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    line = "{},{},{},{},2011-04-20 09:00,{},{},United Kingdom"
    lines = [head]
    for row in _rows("orders_full_day.csv"):
        customer = row["customer"].removeprefix("Customer ").replace("Web guest", "")
        name = '"' + names[row["sku"]].replace('"', '""') + '"'
        lines.append(
            line.format(
                row["order_ref"],
                row["sku"].lower(),
                name,
                row["quantity"],
                row["unit_price"],
                customer,
            )
        )
    lines += [
        line.format("C550999", "22423", "CAKESTAND", "-1", "12.75", "17850"),
        line.format("550998", "22423", "LOST IN STORE", "-30", "1.25", ""),
        line.format("550997", "POST", "POSTAGE", "1", "18.00", "17850"),
        line.format("550996", "GIFT_0001_20", "VOUCHER", "1", "16.67", "17850"),
        line.format("550995", "22423", "FOUND", "12", "0", ""),
        line.format("550994", "22423", "OTHER DAY", "12", "1", "").replace("04-20", "04-21"),
    ]
    path = tmp_path / "source.csv.xz"
    path.write_bytes(lzma.compress("\n".join(lines).encode()))
    return path


def test_committed_sample_stays_within_the_bounds_of_a_quick_play():
    lines = Counter(row["order_ref"] for row in _rows("orders.csv"))
    assert 60 <= len(lines) <= 80
    assert max(lines.values()) <= 12
    assert 300 <= sum(lines.values()) <= 450
    assert sum((DATA / name).stat().st_size for name in FILES) <= 300_000


def test_every_sampled_line_is_a_line_of_the_full_day():
    full = Counter(tuple(row.values())[:6] for row in _rows("orders_full_day.csv"))
    sampled = Counter(tuple(row.values())[:6] for row in _rows("orders.csv"))
    assert not sampled - full


def test_opening_stock_covers_the_full_day_from_two_costs():
    demand, received, costs = Counter(), Counter(), {}
    for row in _rows("orders_full_day.csv"):
        demand[row["sku"]] += int(row["quantity"])
    for row in _rows("receipts.csv"):
        received[row["sku"]] += int(row["quantity"])
        costs.setdefault(row["sku"], []).append(float(row["unit_cost"]))
    assert set(received) == set(demand) == {row["sku"] for row in _rows("products.csv")}
    assert not demand - received
    assert all(len(pair) == 2 and pair[0] <= pair[1] for pair in costs.values())


def test_barcodes_are_valid_and_unique():
    codes = [row["barcode"] for row in _rows("products.csv")]
    assert len(set(codes)) == len(codes)
    for code in codes:
        digits = [int(digit) for digit in code]
        assert len(digits) == 13
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0
    assert extract.barcode("85123A") == "2085123010004"


def test_the_same_input_gives_the_same_bytes(source, tmp_path):
    made = [extract.extract(source, tmp_path / run) for run in ("one", "two")]
    assert made[0] == made[1]
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_committed_day_comes_out_of_its_source_again(source, tmp_path):
    extract.extract(source, tmp_path / "again", day="2011-04-20")
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (DATA / name).read_bytes(), name


def test_another_seed_draws_other_lines(source, tmp_path):
    extract.extract(source, tmp_path / "other", day="2011-04-20", seed=20)
    assert (tmp_path / "other/orders.csv").read_bytes() != (DATA / "orders.csv").read_bytes()


def test_a_day_outside_the_file_is_refused_by_name(source, tmp_path):
    with pytest.raises(SystemExit, match="2012-01-01"):
        extract.extract(source, tmp_path / "none", day="2012-01-01")
