"""Plans, connection strings, ports, locks and messages of the launcher."""

import socket
import threading

import pytest

from tools import (
    cli,
    linting,
    node,
    odoo_suites,
    postgres,
    serving,
    setup,
    store,
    suite_report,
    uninstall,
)
from tools.console import Fail, failure
from tools.outcomes import Outcome
from tools.pytest_runs import share
from tools.testing import make_plan


def test_dsn_as_words_and_as_url():
    want = {"host": "db", "port": "5433", "user": "me", "password": "a b"}
    assert postgres.dsn_parts("host=db port=5433 user=me password='a b' dbname=x") == want
    url = postgres.dsn_parts("postgresql://me:pw@db:5433/x")
    assert url == {"host": "db", "port": "5433", "user": "me", "password": "pw"}
    assert postgres.dsn_parts("user=me")["port"] == "5432"


def test_shares_are_even_and_complete():
    seconds = {"a": 9.0, "b": 5.0, "c": 4.0, "d": 1.0}
    groups = share(tuple(seconds), seconds, 2)
    assert sorted(sum(groups, [])) == ["a", "b", "c", "d"]
    assert [sum(seconds[file] for file in group) for group in groups] == [10.0, 9.0]
    assert share(("a",), {}, 2) == [["a"]]


def test_targets_find_their_kind_of_test():
    plan = make_plan(["tests/unit/tools/test_launcher.py::test_dsn"], None)
    assert plan.unit == ("tests/unit/tools/test_launcher.py::test_dsn",) and not plan.odoo
    plan = make_plan(["inventory_wms"], "door")
    assert not plan.unit and plan.words == ("-k", "door") and not plan.whole
    assert all(name.startswith("addons/inventory_wms/tests/test_") for name in plan.odoo)
    assert make_plan([], None).whole
    with pytest.raises(Fail, match="no test file"):
        make_plan(["tests/nothing_here.py"], None)


def test_handed_on_arguments_keep_their_order():
    parsed = cli.parse(["bench", "routing", "--input", "x", "--json"])
    assert parsed.rest == ["routing", "--input", "x", "--json"]
    parsed = cli.parse(["psql", "--db", "a", "-c", "select 1"])
    assert (parsed.db, parsed.rest) == ("a", ["-c", "select 1"])
    with pytest.raises(SystemExit):
        cli.parse(["test", "--no-such-option"])


def test_a_taken_port_is_named_with_its_owner():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Fail) as caught:
            serving.claim_port(port)
    assert f"port {port} is taken by process" in str(caught.value)
    assert "--port" in str(caught.value)
    assert serving.claim_port(serving.free_port())


def test_node_must_know_modules():
    recent = {"v18.19.0": False, "v20.18.3": False, "v20.19.2": True, "v22.3.0": False}
    recent |= {"v22.7.0": True, "v24.19.0": True, "nonsense": False}
    assert {version: node.is_recent(version) for version in recent} == recent


def test_a_full_disk_is_recognised_in_any_output():
    assert "disk is full" in str(failure("tar failed", "tar: x: No space left on device"))
    assert str(failure("tar failed", "tar: broken", "do this")) == "wms: tar failed\n  - do this"


def test_side_by_side_waits_for_all_and_raises_the_first_error():
    done = []

    def bad():
        raise Fail("one part is missing")

    with pytest.raises(Fail, match="one part"):
        setup.side_by_side([bad, lambda: done.append(1)])
    assert done == [1]

    def full():
        raise OSError(28, "No space left on device")

    with pytest.raises(Fail, match="disk is full"):
        setup.side_by_side([full])


def test_a_second_run_waits_for_the_lock(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(store, "STATE", tmp_path)
    order = []
    with store.locked():
        other = threading.Thread(target=lambda: _locked_once(order))
        other.start()
        other.join(0.5)
        order.append("first")
    other.join(5)
    assert order == ["first", "second"]
    assert "waiting for `wms" in capsys.readouterr().err


def _locked_once(order):
    with store.locked():
        order.append("second")


def test_stamps_hold_the_inputs_of_a_step(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "STATE", tmp_path)
    assert not store.stamped("odoo", "a")
    store.stamp("odoo", "a")
    assert store.stamped("odoo", "a") and not store.stamped("odoo", "b")
    store.unstamp("odoo")
    assert not store.stamped("odoo", "a")


def test_too_little_space_is_told_before_the_step(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "STATE", tmp_path)
    with pytest.raises(Fail, match="needs about 999999999 MB"):
        store.need_space(999_999_999, "Odoo")


def test_loud_lines_of_an_installation():
    line = "2026-01-01 10:00:00,000 7 {} db odoo.addons.x: {}"
    warning = line.format("WARNING", "field without label")
    text = "\n".join([line.format("INFO", "fine"), warning, "  a continued line"])
    assert linting.loud_lines(text) == [warning]


def test_differences_of_two_schemas():
    before = {"table": {"a": "r", "b": "r"}, "column": {"a.x": "integer"}}
    after = {"table": {"a": "r", "c": "r"}, "column": {"a.x": "text"}}
    lines = uninstall.differences(before, after)
    assert lines == [
        "left behind: table c r",
        "lost: table b r",
        "changed: column a.x: integer -> text",
    ]
    assert uninstall.differences(before, before) == []


def test_result_of_odoos_own_runner():
    text = (
        "2026 1 INFO db odoo.addons.stock.tests.t: Starting TestA.test_a ... \n"
        "2026 1 INFO db odoo.addons.stock.tests.t: Starting TestA.test_b ... \n"
        "2026 1 INFO db odoo.addons.stock.tests.t: skipped TestA.test_b : Temporary reason\n"
        "2026 1 INFO db odoo.addons.stock.tests.t: Starting TestA.test_c ... \n"
        "2026 1 ERROR db odoo.addons.stock.tests.t: FAIL: Subtest TestA.test_c (<subtest>)\n"
        "2026 1 ERROR db odoo.tests.result: 1 failed, 0 error(s) of 3 tests when loading\n"
    )
    outcome = odoo_suites.read_log(text)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (1, 1, 1)
    assert outcome.failures == ["stock.tests.t.TestA.test_c"]
    assert outcome.cases["stock.tests.t.TestA.test_b"] == ("skipped", "Temporary reason")
    assert odoo_suites.read_log("Traceback").problems
    assert suite_report.lines(outcome) == [
        "  stock: 1 passed, 1 failed, 1 skipped",
        "      1 skipped: Temporary reason",
    ]


def test_a_failure_of_plain_odoo_is_set_aside():
    name = "odoo.addons.stock.tests.t.TestA.test_c"
    outcome = Outcome(passed=2, failed=1, failures=[name], cases={name: ("failed", "")})
    suite_report.set_aside(outcome, ["another"], "reason")
    assert outcome.failed == 1
    suite_report.set_aside(outcome, [name], "reason")
    assert (outcome.failed, outcome.skipped, outcome.failures) == (0, 1, [])
    assert outcome.cases[name] == ("skipped", "reason")


def test_what_is_tried_again_is_named_to_both_runners():
    assert odoo_suites.tag_of("stock.tests.t.TestA.test_c") == "/stock:TestA.test_c"
    broken = "stock.tests.t.setUpClass (odoo.addons.stock.tests.t.TestA)"
    assert odoo_suites.tag_of(broken) == "/stock:TestA"
    found = "usr.lib.odoo.addons.stock_account.tests.test_x.TestB.test_d (<subtest>)"
    assert suite_report.short(found) == "stock_account.tests.test_x.TestB.test_d"
