"""The costing bench on histories: textbook answers to the cent, and clear words for bad files."""

import json
import lzma
import tarfile
from pathlib import Path

import pytest

from tools.benches import costing
from tools.benches.data import events
from tools.benches.ledger import documents

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "costing"
# history -> cost of goods sold: fifo, lifo, lifo_periodic, average (sources: docs/books.md)
ANSWERS = {
    "e1_coursehero": (2640, 2620, 2600, 2637.65),
    "e2_june": (14452, 14945, 15558, 14674.49),
    "e3_simplestudies": (2260, 2340, 2340, 2277.78),
    "e4_brainmass": (61800, 63800, 65400, 62323.81),
    "e7_liquidation": (10100, 11300, 11300, 10600),
    "odoo_lifo_price": (1400, 1600, 1600, 1500),
    "erpnext_ledger": (55, 55, 55, 55),
}
METHODS = ("fifo", "lifo", "lifo_periodic", "average")


def run(capsys, *arguments):
    status = costing.main([*map(str, arguments), "--json"])
    printed = capsys.readouterr()
    return status, json.loads(printed.out.splitlines()[-1]) if printed.out else printed.err


@pytest.mark.parametrize("name", ANSWERS)
def test_textbook_answers(capsys, name):
    status, found = run(capsys, "--input", FIXTURES / f"{name}.csv")
    assert (status, found["ok"], found["name"]) == (0, True, "costing")
    cogs, ending = found["figures"]["cogs"], found["figures"]["ending_value"]
    bought = sum(e.qty * e.cost for e in events.read(FIXTURES / f"{name}.csv")[f"{name}.csv"]
                 if e.incoming)  # fmt: skip
    assert tuple(cogs[method] for method in METHODS) == ANSWERS[name]
    for method in METHODS:
        assert round(cogs[method] + ending[method], 2) == float(bought)


def test_what_the_stock_is_worth_in_the_end(capsys):
    _status, found = run(capsys, "--input", FIXTURES / "e2_june.csv")
    assert found["figures"]["ending_value"] == {
        "fifo": 9528, "lifo": 9035, "lifo_periodic": 8422, "average": 9305.51,
    }  # fmt: skip


def test_folder_and_archives_give_the_same(capsys, tmp_path):
    _status, folder = run(capsys, "--input", FIXTURES)
    assert folder["figures"]["cases"] == len(list(FIXTURES.glob("*.csv")))
    one = FIXTURES / "e1_coursehero.csv"
    assert folder["figures"]["histories"][one.name]["cogs"]["lifo"] == 2620
    packed = tmp_path / "events.csv.xz"
    packed.write_bytes(lzma.compress(one.read_bytes()))
    archive = tmp_path / "events.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(one, "deep/e1.csv")
    for source in (packed, archive):
        assert run(capsys, "--input", source)[1]["figures"]["cogs"]["fifo"] == 2640


def test_periods_close_periodic_lifo(capsys, tmp_path):
    """A sale of January cannot take what February bought, once January is closed."""
    file = tmp_path / "events.csv"
    file.write_text(
        "date,event,quantity,unit_cost\n2026-01-05,in,10,1\n2026-01-20,out,5,\n"
        "2026-02-03,in,10,2\n2026-02-04,out,2,\n"
    )
    whole = run(capsys, "--input", file)[1]["figures"]["cogs"]["lifo_periodic"]
    months = run(capsys, "--input", file, "--period", "month")[1]["figures"]["cogs"]
    assert (whole, months["lifo_periodic"], months["lifo"]) == (14, 9, 9)


def test_rows_count_in_the_order_of_their_dates():
    rows = events.parse(
        "date,event,quantity,unit_cost\n2026-03-01,out,1,\n2026-01-01,in,2,3\n2026-03-01,in,1,4\n"
    )
    assert [(event.incoming, int(event.qty)) for event in rows] == [
        (True, 2), (False, 1), (True, 1),
    ]  # fmt: skip


def test_a_long_history_takes_time_in_proportion():
    from tools.benches import costing_events, engines

    engines.importable()
    head = "date,event,quantity,unit_cost\n"
    rows = "".join(f"2026-01-01,in,2,{1 + n % 7}\n2026-01-01,out,1,\n" for n in range(5000))
    found = costing_events.figures(events.parse(head + rows))
    bought = sum(2 * (1 + n % 7) for n in range(5000))
    assert found["cogs"]["fifo"] + found["ending_value"]["fifo"] == bought


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column date, event, quantity, unit_cost is missing"),
        ("date,event,quantity\n2026-01-01,in,1\n", "column unit_cost is missing"),
        ("date,event,quantity,unit_cost\n", "has no events"),
        ("date,event,quantity,unit_cost\n2026-01-01,buy,1,1\n", "row 2: event 'buy' must be in"),
        ("date,event,quantity,unit_cost\n01/02/2026,in,1,1\n", "row 2: date '01/02/2026' must"),
        ("date,event,quantity,unit_cost\n2026-01-01,in,many,1\n", "quantity 'many' must be a num"),
        ("date,event,quantity,unit_cost\n2026-01-01,in,-1,1\n", "quantity -1 must be above 0"),
        ("date,event,quantity,unit_cost\n2026-01-01,in,1,nan\n", "unit_cost 'nan' must be a num"),
        ("date,event,quantity,unit_cost\n2026-01-01,in,1,-2\n", "unit_cost -2 must not be"),
        ("date,event,quantity,unit_cost\n2026-01-01,in,1,1,200\n", "more cells than columns"),
        ("date,event,quantity,unit_cost\n2026-01-01,in,1\n", "unit_cost None must be a number"),
    ],
)
def test_bad_files_are_refused_with_row_and_remedy(capsys, tmp_path, text, said):
    file = tmp_path / "events.csv"
    file.write_text(text)
    assert costing.main(["--input", str(file), "--json"]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert not printed.out


def test_unreadable_archives_are_refused(capsys, tmp_path):
    for name in ("events.csv.xz", "events.tar.xz", "events.csv"):
        file = tmp_path / name
        file.write_bytes(b"\xff\xfe no text, no archive")
        assert costing.main(["--input", str(file), "--json"]) == 1
        assert name in capsys.readouterr().err
    assert costing.main(["--input", str(tmp_path.parent / "nothing"), "--json"][:1] + [str(
        _empty(tmp_path))]) == 1  # fmt: skip


def _empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def test_documents_that_say_something_else_are_named():
    engine = {"a": {"cogs": {"fifo": 1.0}, "ending_value": {"fifo": 2.0}}}
    assert documents.compare(engine, engine) == {}
    other = {"a": {"cogs": {"fifo": 1.01}, "ending_value": {"fifo": 2.0}}}
    assert documents.compare(engine, other) == {"a": ["cogs fifo: engine 1.0, documents 1.01"]}


def test_limits_are_judged():
    """Each figure above its limit makes the bench fail, with a sentence about it."""
    good = {
        "ratio_20k_over_100": {"fifo": {"receipt": 1.3, "delivery": 0.9}},
        "queries": 150,
        "queries_with_posting": 210,
        "value_report_s": 2.0,
        "value_report_queries": 50,
        "violations": 0,
    }
    assert costing._limits(good) == []
    for name in list(good)[1:]:
        assert costing._limits(good | {name: good[name] + 1})[0].startswith(name)
    slow = good | {"ratio_20k_over_100": {"lifo": {"receipt": 1.0, "delivery": 1.31}}}
    assert costing._limits(slow) == [
        "lifo delivery: 1.31 times the CPU time of a short past (limit 1.3)"
    ]
