"""Runs a tour of static/tests/tours on the real page; fails, never skips, without a browser."""

import json
from unittest import SkipTest

from odoo.tests.common import _find_executable
from odoo.tools.misc import file_open

TOURS = "wms_barcode/static/tests/tours"


class TourCase:
    """To be mixed into an HttpCase with a ``worker``."""

    page = "/wms/scan"

    def require_browser(self):
        """Without chromium Odoo skips browser tests; this one is the proof of a promise."""
        try:
            _find_executable()
        except SkipTest:
            self.fail("Chromium is missing: set it up with ./wms doctor, then run this test again.")

    def run_tour(self, name, facts):
        """Run static/tests/tours/<name>.js with the driver's words and these facts."""
        self.require_browser()
        texts = []
        for part in ("driver", name):
            with file_open(f"{TOURS}/{part}.js") as file:
                texts.append(file.read())
        call = f"tour({json.dumps(facts)})"
        end = "then(() => console.log('test successful'), (error) => console.error(error.message))"
        code = "\n".join(["(() => {", *texts, f"{call}.{end}", "})()"])
        ready = "!!document.querySelector('.screen .head')"
        self.browser_js(self.page, code, ready=ready, login=self.worker.login)
