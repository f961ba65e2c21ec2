"""pytest processes of the launcher: each on its own copy of a template, judged by its report."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tools import databases, odoo_process, setup
from tools.outcomes import Outcome, read_junit
from tools.store import STATE, TOP, VENV


def share(files: tuple[str, ...], seconds: dict[str, float], parts: int) -> list[list[str]]:
    """Split files into ``parts`` lists of about the same length in time, longest first."""
    groups: list[list[str]] = [[] for _ in range(parts)]
    loads = [0.0] * parts
    for file in sorted(files, key=lambda name: (-seconds.get(name, 5.0), name)):
        lightest = loads.index(min(loads))
        groups[lightest].append(file)
        loads[lightest] += seconds.get(file, 5.0)
    return [sorted(group) for group in groups if group]


def pytest_command(profile: str, report: Path, *words: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the variables of a pytest run that leaves a JUnit report."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [
        str(VENV / "bin/python"), "-m", "pytest", "-q", "-ra", "-p", "tools.hypothesis_profile",
        f"--junitxml={report}", "-o", "junit_family=xunit1",
        "-o", f"cache_dir={STATE}/pytest_cache", *words,
    ]  # fmt: skip
    variables = odoo_process.environment()
    variables.update(
        WMS_PROFILE=profile,
        HYPOTHESIS_STORAGE_DIRECTORY=str(STATE / "hypothesis"),
        PYTHONPATH=str(TOP),
        PYTHONDONTWRITEBYTECODE="1",
    )
    return command, variables


def collect(report: Path, status: int, allowed: list[str]) -> Outcome:
    """The outcome of a pytest run from its report and its exit status; removes the report."""
    outcome = read_junit(report, allowed)
    report.unlink(missing_ok=True)
    # 5 = nothing collected, which a filter may well cause in one part of the run.
    if status not in (0, 1, 5) or (status == 1 and not outcome.failed):
        outcome.problems.append(f"pytest ended with status {status}")
    return outcome


@dataclass
class Group:
    """One pytest process on its own copy of the template."""

    number: int
    template: str
    words: tuple[str, ...]
    profile: str
    alone: bool
    allowed: list[str]
    outcome: Outcome = field(default_factory=Outcome)

    def run(self) -> None:
        """Copy the template, run, read the report, drop the copy."""
        database = databases.scratch_name(f"test{self.number}")
        report = STATE / "reports" / f"odoo{self.number}.{os.getpid()}.xml"
        try:
            databases.copy(self.template, database, durable=False)
            command, variables = pytest_command(
                self.profile, report, "--odoo-http", f"--odoo-database={database}",
                f"--odoo-config={STATE}/odoo.conf", *self.words,
            )  # fmt: skip
            status = _stream(command, variables, "" if self.alone else f"[{self.number}] ")
            self.outcome = collect(report, status, self.allowed)
        finally:
            databases.drop(database)


def run_groups(
    template: str, shares: list[list[str]], words: tuple[str, ...], profile: str, allowed: list[str]
) -> Outcome:
    """Run each share of the files in a process of its own, side by side; the total."""
    alone = len(shares) == 1
    groups = [
        Group(number + 1, template, (*words, *files), profile, alone, allowed)
        for number, files in enumerate(shares)
    ]
    setup.side_by_side([group.run for group in groups])
    total = Outcome()
    for group in groups:
        total.add(group.outcome)
    return total


def _stream(command: list[str], variables: dict[str, str], prefix: str) -> int:
    if not prefix:
        return subprocess.run(command, env=variables, cwd=TOP, stdin=subprocess.DEVNULL).returncode
    with subprocess.Popen(
        command, env=variables, cwd=TOP, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout:
            sys.stdout.write(prefix + line)
            sys.stdout.flush()
    return process.returncode
