"""The verdict of the demo's play: a good day has no problem, and each bad figure is one."""

import pytest

from tools.demo import findings, table

GOOD = {
    "orders": 63,
    "orders_shipped": 63,
    "lines": 443,
    "units": 12738,
    "waves": 13,
    "stops": 446,
    "short_picks": 2,
    "backorders": 1,
    "metres": 3853.0,
    "metres_line_order": 12730.0,
    "metres_by_name": 4816.0,
    "commands": 551,
    "known_commands": 551,
    "refused": 0,
    "replays": 63,
    "lost_answers": 40,
    "entries_pending": 0,
    "journal_entries": 141,
    "journal_lines": 4867,
    "stock_value": 18205.11,
    "ledger_value": 18205.11,
    "deliveries_costed": 443,
    "receipts_listed": 678,
    "deliveries_of_two_costs": 235,
    "deliveries_without_receipts": 0,
    "cost_of_goods": 9185.76,
    "billed_orders": 9,
    "grni_billed": 0.0,
    "grni_worst": 0.0,
    "open_orders": 1,
    "grni_open": -3783.57,
    "invoices_posted": 59,
    "orders_not_invoiced": 0,
    "pickers": 4,
    "scan_p50_ms": 40,
    "scan_p95_ms": 90,
    "invariants": {"I1": 0, "L1": 0},
    "violations": 0,
    "explained": [],
    "seconds": 80.0,
}
BAD = {
    "stock_value": 18205.10,
    "orders_shipped": 62,
    "known_commands": 552,
    "grni_worst": 0.01,
    "deliveries_without_receipts": 1,
    "orders_not_invoiced": 1,
    "violations": 1,
    "refused": 1,
    "entries_pending": 1,
    "replays": 0,
    "lost_answers": 0,
    "receipts_listed": 0,
    "billed_orders": 0,
    "metres": 12730.0,
}


def test_a_good_day_has_no_problem():
    assert findings.problems(GOOD) == []
    shown = table.table(GOOD, [])
    assert "!!" not in shown
    assert "18,205.11 = 18,205.11" in shown
    assert "ratio 0.30" in shown


@pytest.mark.parametrize("figure", BAD)
def test_each_bad_figure_is_a_problem_that_is_shown(figure):
    found = GOOD | {figure: BAD[figure]}
    wrong = findings.problems(found)
    assert len(wrong) == 1
    assert "!!" in table.table(found, wrong)
    told = table.as_json(found, wrong, "abc")
    assert told["ok"] is False
    assert told["problems"]


def test_the_json_object_holds_numbers_only():
    told = table.as_json(GOOD, [], "abc")
    assert told["ok"] is True
    assert told["figures"].pop("violations_by") == {"I1": 0, "L1": 0}
    assert all(isinstance(value, int | float) for value in told["figures"].values())
    assert set(told["reference"]) == {"metres_line_order", "metres_by_name"}
