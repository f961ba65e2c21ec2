"""Results of test runs: read from the runners' own reports, judged, added up."""

import fnmatch
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

_NO_BROWSER = re.compile(r"chrome|chromium|browser", re.I)


@dataclass
class Outcome:
    """Counts of one or several runs; ``problems`` make the whole fail, ``seconds`` by file.

    ``cases``: a test's name -> its verdict (passed, failed, skipped) and the reason of a skip.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    timeouts: list[str] = field(default_factory=list)
    cases: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, other: "Outcome") -> None:
        """Add another run's results to this one."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.problems += other.problems
        self.failures += other.failures
        self.cases |= other.cases
        for file, seconds in other.seconds.items():
            self.seconds[file] = self.seconds.get(file, 0.0) + seconds

    @property
    def good(self) -> bool:
        """Whether something ran and nothing failed or was skipped without leave."""
        return bool(self.passed) and not self.failed and not self.problems

    def line(self) -> str:
        """The closing line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def allowed_skips(path: Path) -> list[str]:
    """Patterns of the tests that may be skipped; one a line, ``#`` begins a comment."""
    if not path.exists():
        return []
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


def read_junit(path: Path, allowed: list[str]) -> Outcome:
    """Results of one pytest run from its JUnit report."""
    outcome = Outcome()
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        outcome.problems.append(f"the test runner left no report ({path.name}): it crashed")
        return outcome
    for case in root.iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        file = case.get("file") or case.get("classname", "")
        outcome.seconds[file] = outcome.seconds.get(file, 0.0) + float(case.get("time") or 0)
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
            outcome.failures.append(name)
            outcome.cases[name] = ("failed", "")
        elif case.find("skipped") is not None:
            outcome.skipped += 1
            reason = case.find("skipped").get("message") or ""
            outcome.cases[name] = ("skipped", reason)
            judge_skip(outcome, name, reason, allowed)
        else:
            outcome.passed += 1
            outcome.cases[name] = ("passed", "")
    return outcome


def judge_skip(outcome: Outcome, name: str, reason: str, allowed: list[str]) -> None:
    """Record a skip that nobody allowed as a problem."""
    if _NO_BROWSER.search(reason):
        outcome.problems.append(f"{name} was skipped for want of a browser: {reason}")
    elif not any(fnmatch.fnmatch(name, pattern) for pattern in allowed):
        outcome.problems.append(f"{name} was skipped and is not on the list: {reason}")


def read_tap(text: str) -> Outcome:
    """Results of ``node --test`` from its TAP output."""
    counts = {word: int(number) for word, number in re.findall(r"^# (\w+) (\d+)", text, re.M)}
    outcome = Outcome(
        counts.get("pass", 0),
        counts.get("fail", 0) + counts.get("cancelled", 0),
        counts.get("skipped", 0) + counts.get("todo", 0),
    )
    if outcome.skipped:
        outcome.problems.append(f"{outcome.skipped} JavaScript tests were skipped")
    if "pass" not in counts:
        outcome.problems.append("node --test gave no counts: it crashed")
    return outcome
