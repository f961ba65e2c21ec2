"""``./wms test --oca``: our balances in the reports that accountants of Odoo Community use.

OCA's account_financial_report (AGPL) is fetched from the Python index that pip is configured
with into a folder of its own, installed on a copy of the database, and compared there. Nothing
of ours imports or ships it. When it can't be fetched, the test fails: it was asked for.
"""

import os
import re
import subprocess
import sys

from tools import databases, odoo_process
from tools.console import Fail, step
from tools.outcomes import Outcome
from tools.pytest_runs import collect, pytest_command
from tools.store import STATE, TOP, VENV, write_text
from tools.testing import conclude

_PACKAGES = (
    "odoo-addon-account-financial-report==19.0.*",
    "odoo-addon-date_range==19.0.*",
    "odoo-addon-report_xlsx==19.0.*",
)
_FOLDER = STATE / "oca"
_CONFIG = _FOLDER / "odoo.conf"


def run() -> int:
    """Fetch, install on a copy, compare; 0 when every balance is the same."""
    with step("OCA's reports: fetching"):
        _fetch()
    name = databases.scratch_name("oca")
    outcome = Outcome()
    try:
        databases.copy(databases.suite_template(quick=True), name, durable=False)
        with step("OCA's reports: installing"):
            odoo_process.odoo(
                "-c", str(_CONFIG), "-d", name, "-i", "account_financial_report",
                "--stop-after-init", "--no-http", "--max-cron-threads=0", log="oca", durable=False,
            )  # fmt: skip
        with step("OCA's reports: comparing"):
            outcome.add(_compare(name))
    finally:
        databases.drop(name)
    return conclude(outcome)


def _fetch() -> None:
    """Install the add-ons into the folder, without dependencies: Odoo and its needs are there."""
    command = [
        str(VENV / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
        "--no-deps", "--upgrade", "--target", str(_FOLDER), *_PACKAGES,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Fail(
            f"OCA's reports can't be fetched\n{done.stderr[-1500:]}",
            "pip's own settings apply (index, proxy); `./wms test` without --oca needs none of it",
        )
    text = (STATE / "odoo.conf").read_text()
    addons = _FOLDER / "odoo" / "addons"
    write_text(_CONFIG, re.sub(r"(?m)^addons_path = (.*)$", rf"addons_path = \1,{addons}", text))


def _compare(database: str) -> Outcome:
    report = STATE / "reports" / f"oca.{os.getpid()}.xml"
    command, variables = pytest_command(
        "quick", report, "-s", "--odoo-http", f"--odoo-database={database}",
        f"--odoo-config={_CONFIG}", "tests/oca/reports.py",
    )  # fmt: skip
    done = subprocess.run(
        command, env=variables, cwd=TOP, stdin=subprocess.DEVNULL, stdout=sys.stdout
    )
    return collect(report, done.returncode, [])
