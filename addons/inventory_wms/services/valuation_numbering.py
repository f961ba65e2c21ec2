"""Numbers of the stock entries, and who waits for whom.

Numbers without gaps cost waiting: whoever gets the next one holds the journal until
the commit.  So everything else is done and written before, and those who wait stand
in a queue of PostgreSQL instead of each trying number after number.  Where a company
allows gaps, numbers come from a database sequence and nobody waits at all.
"""

import logging
import time

from odoo import models
from odoo.tools import SQL

from . import locks

_logger = logging.getLogger("odoo.addons.inventory_wms.services.valuation_posting")
_HELD = "wms_held_journals"


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _number_and_post(self, entries):
        """Post draft entries of one journal: the last step of the transaction."""
        if not entries:
            return
        self.env.flush_all()
        plain = self._take_plain(entries)
        if plain:
            self._post_plain(plain)
            return
        in_turn = not self._allows_gaps(entries.journal_id)
        entries.with_context(wms_numbers_in_turn=in_turn)._post(soft=False)

    def _hold_journal(self, journal):
        """Wait for the journal's turn; it ends with the transaction.

        The snapshot may be older than the last number, so core still tries the numbers that it
        cannot see; without this queue every waiting transaction would do so at every commit.
        """
        held = self.env.cr.precommit.data.setdefault(_HELD, set())
        if journal.id in held:
            return
        held.add(journal.id)
        begin = time.perf_counter()
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", locks.JOURNAL, journal.id))
        if _logger.isEnabledFor(logging.DEBUG):
            self._measure_hold(begin)

    def _measure_hold(self, begin):
        """Log after the commit how long the journal was waited for and held."""
        held, worked = time.perf_counter(), time.thread_time()

        @self.env.cr.postcommit.add
        def _say():
            _logger.debug(
                "journal held for %.1f ms (%.1f ms of CPU) after %.1f ms",
                1000 * (time.perf_counter() - held),
                1000 * (time.thread_time() - worked),
                1000 * (held - begin),
            )

    # ------------------------------------------------------------ numbers with gaps
    def _allows_gaps(self, journal):
        """Whether entries take their numbers from a sequence (never in a hashed journal)."""
        return bool(journal.company_id.wms_entry_sequence_id) and (
            not journal.restrict_mode_hash_table
        )

    def _free_number(self, journal, day):
        """The name of the next entry where gaps are allowed; else nothing, core numbers it."""
        if not self._allows_gaps(journal):
            return {}
        number = journal.company_id.wms_entry_sequence_id.next_by_id()
        return {"name": f"{journal.code}/{day:%Y/%m}/{number}"}

    def _set_gaps(self, company, allowed):
        """Give a company its sequence, above every number the journal has, or take it away."""
        if not allowed:
            company.wms_entry_sequence_id = False
            return
        self._require_books(company)
        journal = company.wms_stock_journal_id
        last = self.env["account.move"]._read_group(
            [("journal_id", "=", journal.id)], [], ["sequence_number:max"]
        )[0][0]
        company.wms_entry_sequence_id = self.env["ir.sequence"].create(
            {
                "name": self.env._("Stock entries of %s", company.name),
                "implementation": "standard",
                "padding": 6,
                "number_next": (last or 0) + 1,
                "company_id": company.id,
            }
        )
