"""One entry per day and journal instead of one per transfer, where a company wants it.

An entry that is posted is never edited, so the day's transfers are collected and
posted together when the day is over (a job, or a button at any time).  Until then
ledger + what is collected = layers after every commit; what is collected names its
accounts and amounts, and the reconciliation lists it as waiting.  Corrections by
bills and invoices are few and are posted at once in either mode.
"""

import json
from collections import defaultdict

from odoo import Command, api, fields, models

from .valuation_numbers import Numbers


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _collect_for_summary(self, postings):
        """Of the postings of a transaction, keep those that wait for the entry of their day."""
        if self.env.company.wms_entry_per != "day":
            return postings.browse()
        waiting = postings.filtered(lambda row: row.event == "transfer")
        waiting.write({"state": "collected"})
        return waiting

    @api.model
    def _post_collected(self, companies, until):
        """Post what is collected up to a day: one entry per day.

        :return: the entries (``account.move``)
        """
        entries = self.env["account.move"]
        for company in companies:
            rows = self.env["wms.cost.posting"].search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "collected"),
                    ("date", "<=", until),
                ],
                order="id",
            )
            if rows.try_lock_for_update() == rows:  # else somebody is posting them right now
                entries |= self.with_company(company)._post_days(rows)
        return entries

    def _post_days(self, rows):
        days = list(rows.grouped("date").items())
        journal = self._journal() if rows else None
        drafts = [
            {
                "date": self._first_open_date(day, journal),
                "ref": self.env._("Transfers of %s", fields.Date.to_string(day)),
                "line_ids": [Command.create(line) for line in self._sum_lines(day_rows)],
            }
            for day, day_rows in days
        ]
        entries = self._create_entries(drafts)
        for (_day, day_rows), entry in zip(days, entries, strict=True):
            day_rows.write({"account_move_id": entry.id, "state": "posted", "date": entry.date})
        self._number_and_post(entries)
        return entries

    def _sum_lines(self, rows):
        """Debits and credits of many transfers, added up per account and product."""
        numbers = Numbers.of(self.env)
        sums = defaultdict(int)
        for row in rows:
            for line in row.lines:
                balance = numbers.minor(line["balance"])
                analytic = json.dumps(line.get("analytic_distribution"), sort_keys=True)
                sums[line["account_id"], line["product_id"], analytic, balance > 0] += balance
        return [
            {
                "account_id": account,
                "product_id": product,
                "balance": numbers.amount(balance),
                "tax_ids": False,
                "analytic_distribution": json.loads(analytic),
            }
            for (account, product, analytic, _debit), balance in sums.items()
        ]

    @api.model
    def _cron_post_collected(self):
        """Post the days that are over, company by company; today's transfers keep waiting."""
        # in the companies' own time zone a day ends later or earlier than in UTC
        groups = self.env["wms.cost.posting"]._read_group(
            [("state", "=", "collected")], ["company_id"]
        )
        for (company,) in groups:
            zone = company.partner_id.tz or self.env.user.tz or "UTC"
            today = fields.Date.context_today(self.with_context(tz=zone))
            self._post_collected(company, fields.Date.subtract(today, days=1))
