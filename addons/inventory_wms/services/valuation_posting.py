"""Accounts of a product, and the journal entries: one per transfer, last in the transaction.

Odoo's numbering locks the journal until commit, so an entry is prepared with its
event and created, numbered and posted by a hook that runs just before the commit
(numbers: valuation_numbering.py; one entry per day instead: valuation_summary.py).
"""

import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .valuation_numbers import Numbers

_QUEUE = "wms_cost_postings"


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    @api.model
    def _account(self, product, role, company=None, required=True):
        """The account of a product's category for a role, else the company's.

        :param role: ``valuation``, ``grni``, ``shipped``, ``cogs``, ``variance``, ``count`` or
            ``revaluation``
        :raises UserError: when a required account is missing: which one, and where to set it
        """
        company = company or self.env.company
        product = product.with_company(company)
        if role == "valuation":
            account = product._get_product_accounts()["stock_valuation"]
        else:
            name = f"wms_{role}_account_id"
            account = product.categ_id[name] or company[name]
        if required and not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account for '%(role)s' (%(category)s). Set it in the "
                    "inventory settings under Valuation, or press 'Set up accounts' there.",
                    company=company.name,
                    role=role,
                    category=product.categ_id.display_name,
                )
            )
        return account

    def _stock_account(self, book):
        """The stock valuation account of a pool: its place's, else the product's."""
        place = book.place.wms_stock_account_id
        return place or self._account(book.product, "valuation")

    def _event_date(self, move):
        """The day of a move for the books: forced by a count, else the user's day of the move."""
        forced = self.env.context.get("force_period_date")
        return fields.Date.to_date(forced) or fields.Date.context_today(self, move.date)

    def _first_open_date(self, day, journal):
        """The day itself, or the first one after what is locked."""
        locked = self.env.company._get_violated_lock_dates(day, False, journal)
        return fields.Date.add(locked[-1][0], days=1) if locked else day

    def _create_postings(self, entries):
        """Record what will be posted at the end of the transaction.

        :param entries: :class:`Entry` objects
        :return: entry key -> ``wms.cost.posting``
        """
        entries = list(entries)
        journal = self._journal()
        numbers = Numbers.of(self.env)
        postings = self.env["wms.cost.posting"].create(
            [self._posting_values(entry, journal, numbers) for entry in entries]
        )
        self._queue(postings.filtered(lambda posting: posting.state == "pending"))
        return {entry.key: posting for entry, posting in zip(entries, postings, strict=True)}

    def _posting_values(self, entry, journal, numbers):
        lines = [
            {
                "account_id": account,
                "product_id": product,
                "balance": numbers.amount(balance),
                "partner_id": entry.partner.id if entry.partner else False,
                **({"analytic_distribution": json.loads(analytic)} if analytic else {}),
            }
            for (account, product, analytic), balance in entry.lines.items()
            if balance
        ]
        return {
            "company_id": self.env.company.id,
            "key": entry.key,
            "event": entry.event,
            "picking_id": entry.picking.id if entry.picking else False,
            "document_id": entry.document.id if entry.document else False,
            **entry.links,
            "reference": entry.reference,
            "event_date": entry.date,
            "date": self._first_open_date(entry.date, journal),
            "state": "pending" if lines else "empty",
            "amount": sum(line["balance"] for line in lines if line["balance"] > 0),
            "lines": lines,
        }

    def _queue(self, postings):
        precommit = self.env.cr.precommit
        if not postings:
            return
        if _QUEUE not in precommit.data:
            precommit.data[_QUEUE] = []
            precommit.add(self.env["wms.valuation"]._post_pending)
        precommit.data[_QUEUE] += postings.ids

    @api.model
    def _post_pending(self):
        """Post what the transaction has prepared: the hook before its commit."""
        queue = self.env.cr.precommit.data.pop(_QUEUE, [])
        # sudo: whoever validates a transfer need not have rights on the ledger.
        postings = self.env["wms.cost.posting"].sudo().browse(queue).exists()
        for company, rows in postings.grouped("company_id").items():
            self.sudo().with_company(company)._post_company(rows.sorted("id"))
        self.env.flush_all()

    def _why_another_day(self, postings):
        """What the entry says when the day of its events was locked; empty otherwise."""
        days = sorted({row.event_date for row in postings if row.event_date != row.date})
        if not days:
            return False
        return self.env._(
            "Moved on %(days)s, which is locked: booked on the first open day.",
            days=", ".join(map(str, days)),
        )

    def _post_company(self, postings):
        """Make, number and post the entries: one per transfer or document and day."""
        postings -= self._collect_for_summary(postings)
        groups = list(
            postings.grouped(
                lambda row: (row.picking_id or row.document_id or row, row.date)
            ).items()
        )
        drafts = [
            {
                "date": day,
                "ref": rows[0].reference,
                "narration": self._why_another_day(rows),
                "line_ids": [
                    Command.create({**line, "name": row.reference, "tax_ids": False})
                    for row in rows
                    for line in row.lines
                ],
            }
            for (_source, day), rows in groups
        ]
        entries = self._create_entries(drafts)
        for (_group, rows), entry in zip(groups, entries, strict=True):
            rows.write({"account_move_id": entry.id, "state": "posted"})
        self._number_and_post(entries)
        return entries

    def _create_entries(self, drafts):
        """Draft entries in the stock journal, each numbered already where gaps are allowed."""
        journal = self._journal()
        drafts = [{**self._free_number(journal, vals["date"]), **vals} for vals in drafts]
        if drafts and self._is_plain(journal, drafts):
            return self._write_drafts(journal, drafts)
        context = {"tracking_disable": True, "mail_create_nolog": True}
        return (
            self.env["account.move"]
            .with_context(**context)
            .create([{"move_type": "entry", "journal_id": journal.id, **vals} for vals in drafts])
        )
