"""A run is good only when something ran and nothing was skipped without leave."""

import pytest

from tools.outcomes import Outcome, allowed_skips, read_junit, read_tap

JUNIT = """<testsuites><testsuite>
<testcase classname="tests.a.TestA" name="test_good" file="tests/a.py" time="1.5"/>
<testcase classname="tests.a.TestA" name="test_bad" file="tests/a.py" time="0.5">
  <failure message="no">no</failure></testcase>
<testcase classname="tests.b.TestB" name="test_tour" file="tests/b.py" time="0">
  <skipped message="Chrome executable not found"/></testcase>
<testcase classname="tests.b.TestB" name="test_slow" file="tests/b.py" time="0">
  <skipped message="too slow"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(JUNIT)
    return path


def test_counts_and_seconds(report):
    outcome = read_junit(report, ["tests.b.*"])
    assert (outcome.passed, outcome.failed, outcome.skipped) == (1, 1, 2)
    assert outcome.failures == ["tests.a.TestA.test_bad"]
    assert outcome.seconds["tests/a.py"] == 2.0
    assert outcome.line() == "1 passed, 1 failed, 2 skipped"


def test_a_missing_browser_is_never_allowed(report):
    problems = read_junit(report, ["tests.b.*"]).problems
    assert len(problems) == 1 and "browser" in problems[0]


def test_a_skip_must_be_on_the_list(report):
    problems = read_junit(report, []).problems
    assert len(problems) == 2 and "test_slow" in problems[1]


def test_no_report_is_a_crash(tmp_path):
    assert "crashed" in read_junit(tmp_path / "none.xml", []).problems[0]
    (tmp_path / "half.xml").write_text(JUNIT[:80])
    assert "crashed" in read_junit(tmp_path / "half.xml", []).problems[0]


def test_good_means_something_ran():
    assert not Outcome().good
    assert Outcome(passed=1).good
    assert not Outcome(passed=1, failed=1).good
    assert not Outcome(passed=1, problems=["skipped"]).good


def test_the_list_of_allowed_skips(tmp_path):
    path = tmp_path / "skips.txt"
    path.write_text("# why\ntests.a.*  # reason\n\n")
    assert allowed_skips(path) == ["tests.a.*"]
    assert allowed_skips(tmp_path / "none.txt") == []


def test_tap_of_node():
    good = read_tap("TAP version 13\n# tests 3\n# pass 3\n# fail 0\n# cancelled 0\n# skipped 0\n")
    assert good.good and good.passed == 3
    assert read_tap("# pass 2\n# fail 1\n# cancelled 1\n").failed == 2
    assert read_tap("# pass 2\n# fail 0\n# skipped 1\n").problems
    assert read_tap("SyntaxError").problems
