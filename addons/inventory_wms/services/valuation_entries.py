"""Entries of stock events, written as rows.

Odoo makes journal entries for documents that people edit: taxes, payment terms, payments and
tracking are worked out for each line, which took half of a transfer's time, a good part of it
while others waited for the journal.  An entry of a stock event has none of these.  So where
nothing takes part but code we have read (:data:`READ`), its rows are written as Odoo would write
them, under Odoo's own numbering; test_valuation_entries.py compares every column of both ways.
Whatever is out of the ordinary goes Odoo's way.
"""

import json
import re
from weakref import WeakKeyDictionary

from odoo import fields, models
from odoo.tools import SQL, float_repr
from odoo.tools.translate import code_translations
from psycopg2 import errors as pg_errors

#: add-ons whose part in journal entries we have read: none of them touches an entry of ours
READ = frozenset(
    (
        *("account", "mail", "analytic", "product", "portal", "sale", "sale_stock", "purchase"),
        *("purchase_stock", "stock_account", "stock_landed_costs", "inventory_wms", "mrp_account"),
        *("account_payment", "account_edi_ubl_cii", "utm", "point_of_sale", "pos_sale"),
    )
)
# what happens to an entry between its creation and its number, besides the stored fields
_BYPASSED = {
    *("create", "write", "default_get", "_post", "_set_next_sequence", "_locked_increment"),
    *("_prepare_create_values", "_add_precomputed_values", "_sync_dynamic_lines", "_hash_moves"),
    *("_check_balanced", "_create_analytic_lines", "_reconcile_marked"),
}
_MODELS = ("account.move", "account.move.line")
_LINE_KEYS = {
    *("account_id", "product_id", "balance", "partner_id", "name", "tax_ids"),
    "analytic_distribution",
}
# what core's numbering reads of an entry
_NUMBERED_BY = (
    *("date", "journal_id", "company_id", "move_type", "name", "state", "partner_id"),
    "origin_payment_id",
)
_PLAIN = "wms_plain_entries"

_FILLED_BY = WeakKeyDictionary()


def _filled_by(model):
    """Who fills columns of a model: (names of add-ons, names of methods, number of fields).

    Found out once per registry, and again when a field was added by hand.
    """
    known = _FILLED_BY.get(type(model))
    if not known or known[2] != len(model._fields):
        stored = [
            field
            for field in model._fields.values()
            if field.store and (field.compute or field.default or field.inverse)
        ]
        methods = {how for field in stored for how in (field.compute, field.inverse)}
        _FILLED_BY[type(model)] = (
            {module for field in stored for module in field._modules},
            _BYPASSED | {method for method in methods if isinstance(method, str)},
            len(model._fields),
        )
    return _FILLED_BY[type(model)]


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    # ------------------------------------------------------------------- which way
    def _is_plain(self, journal, drafts):
        """Whether entries may be written as rows.

        :param drafts: values for ``account.move.create`` with ``line_ids``
        """
        lines = [line for draft in drafts for _code, _id, line in draft["line_ids"]]
        days = {draft["date"] for draft in drafts}
        return (
            journal.active
            and not journal.restrict_mode_hash_table
            and not self.env.company.account_storno
            and not any(draft.get("narration") for draft in drafts)
            and all(self._is_plain_line(line) for line in lines)
            and all(self._balance(draft) == 0 for draft in drafts)
            and not any(self.env.company._get_violated_lock_dates(d, False, journal) for d in days)
            and not self._strangers()
            and self._has_plain_accounts({line["account_id"] for line in lines})
        )

    def _is_plain_line(self, line):
        return (
            _LINE_KEYS >= line.keys() >= {"account_id", "balance", "name"}
            and bool(line["balance"] and line["name"])
            and not line.get("analytic_distribution")
        )

    def _balance(self, draft):
        """What an entry is out of balance by, in units of the currency's last digit."""
        digits = self.env.company.currency_id.decimal_places
        return sum(
            round(line["balance"] * 10**digits) for _code, _id, line in draft["line_ids"]
        ) or int(not draft["line_ids"])

    def _strangers(self):
        """Add-ons that have a say in journal entries and that we have not read.

        A column that nobody fills by itself is no say.  Automation rules are one: they put
        methods of their own on the models.
        """
        found = set()
        for name in _MODELS:
            model = self.env[name]
            fillers, methods, _count = _filled_by(model)
            found |= fillers
            functions = [
                vars(cls)[method]
                for cls in type(model).__mro__
                for method in methods & vars(cls).keys()
            ]
            for function in (*functions, *model._constraint_methods):
                words = (getattr(function, "__module__", None) or "").split(".")
                if words[:2] == ["odoo", "addons"]:
                    found.add(words[2])
                elif words[0] != "odoo":
                    found.add(words[0])
            # sudo: whoever moves goods may not read defaults, yet they decide how rows are written
            if self.env["ir.default"].sudo()._get_model_defaults(name):
                found.add("ir.default")
        return found - READ

    def _has_plain_accounts(self, accounts):
        """Whether these accounts need nothing but an amount, and no rule adds analytics."""
        self.env["account.account"].flush_model()
        self.env["account.analytic.distribution.model"].flush_model()
        company = self.env.company
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM account_account a
                 WHERE a.id = ANY(%(accounts)s)
                   AND a.active AND a.currency_id IS NULL
                   AND a.account_type NOT IN ('asset_receivable', 'liability_payable',
                       'asset_cash', 'liability_credit_card', 'off_balance')
                   AND EXISTS (SELECT FROM account_account_res_company_rel r
                                WHERE r.account_account_id = a.id
                                  AND r.res_company_id = ANY(%(companies)s))
                   AND NOT EXISTS (SELECT FROM account_analytic_distribution_model)
                """,
                accounts=list(accounts),
                companies=company.parent_ids.ids,
            )
        )
        return rows[0][0] == len(accounts)

    # ------------------------------------------------------------------- drafts
    def _write_drafts(self, journal, drafts):
        """The rows of entries; their lines are written once they have their number.

        :return: ``account.move``
        """
        common = self._entry_row(journal)
        rows = [self._draft_row(common, draft, journal) for draft in drafts]
        ids = self._insert("account_move", rows)
        waiting = self.env.cr.precommit.data.setdefault(_PLAIN, {})
        waiting.update(zip(ids, drafts, strict=True))
        entries = self.env["account.move"].browse(ids)
        for entry, row in zip(entries, rows, strict=True):
            self._remember(entry, row)
        return entries

    def _remember(self, entry, row):
        """Spare the numbering from reading what was just written."""
        for name in _NUMBERED_BY:
            entry._fields[name]._update_cache(entry, row.get(name))

    def _entry_row(self, journal):
        """What all entries of this transaction have in common."""
        lang = self.env.lang or "en_US"
        created_by = "#Created by: %s"
        by = code_translations.get_python_translations("account", lang).get(created_by, created_by)
        return {
            **self._who_and_when(),
            "journal_id": journal.id,
            "company_id": journal.company_id.id,
            "currency_id": journal.company_id.currency_id.id,
            "state": "draft",
            "move_type": "entry",
            "auto_post": "no",
            "payment_state": "not_paid",
            "invoice_partner_display_name": by % self.env.user.name,
            "invoice_date_due": fields.Date.context_today(self),
            "invoice_currency_rate": 0,
            "always_tax_exigible": True,
            "checked": True,
            "is_manually_modified": False,
            "made_sequence_gap": False,
            **dict.fromkeys(
                (
                    *("amount_untaxed", "amount_untaxed_signed", "amount_tax", "amount_tax_signed"),
                    *("amount_untaxed_in_currency_signed", "amount_residual"),
                    "amount_residual_signed",
                ),
                0,
            ),
        }

    def _who_and_when(self):
        now = self.env.cr.now()
        uid = self.env.uid
        return {"create_uid": uid, "write_uid": uid, "create_date": now, "write_date": now}

    def _draft_row(self, common, draft, journal):
        debits = sum(max(line["balance"], 0) for _code, _id, line in draft["line_ids"])
        total = self._money(debits)
        name = draft.get("name")
        prefix, number = self._split(name, journal) if name else (None, 0)
        return {
            **common,
            "name": name,
            "date": draft["date"],
            "ref": draft.get("ref") or None,
            "amount_total": total,
            "amount_total_signed": total,
            "amount_total_in_currency_signed": total,
            "sequence_prefix": prefix,
            "sequence_number": number,
        }

    def _money(self, amount):
        return float_repr(amount, self.env.company.currency_id.decimal_places)

    def _insert(self, table, rows):
        """Insert rows of the same columns; their ids."""
        columns = SQL(", ").join(SQL.identifier(name) for name in rows[0])
        values = SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows)
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s) VALUES %s RETURNING id",
                    SQL.identifier(table),
                    columns,
                    values,
                )
            )
        ]

    # ------------------------------------------------------------------- posting
    def _take_plain(self, entries):
        """Entry -> its draft, of those among these whose rows wait for their number."""
        waiting = self.env.cr.precommit.data.get(_PLAIN, {})
        return {entry: waiting.pop(entry.id) for entry in entries if entry.id in waiting}

    def _post_plain(self, drafts):
        """Number and post entries of one journal whose rows wait.

        What can be known before is found out before the journal is held.

        :param drafts: ``account.move`` -> its values
        """
        entries = (
            self.env["account.move"]
            .union(*drafts)
            .sorted(lambda entry: (drafts[entry]["date"], drafts[entry].get("ref") or "", entry.id))
        )
        journal = entries.journal_id
        lines = self._line_rows(drafts)
        if self._allows_gaps(journal):
            self._post_named(entries)
        else:
            formats = {
                day: same_day[0].with_context(prefetch_fields=False)._get_next_sequence_format()
                for day, same_day in entries.grouped("date").items()
            }
            self._hold_journal(journal)
            for entry in entries:
                self._take_number(entry, *formats[entry.date])
        self._insert_lines(entries, lines)
        entries.invalidate_recordset(flush=False)

    def _take_number(self, entry, pattern, values):
        """Give an entry the first free number after the last one we see, as core does.

        The numbers that others have taken since our snapshot are found by trying.
        """
        values = dict(values)
        number = values.pop("seq")
        # core's own memory of the numbers that this transaction holds
        cache = entry._get_sequence_cache()
        key = (pattern.format(**values, seq=0), entry.journal_id)
        if key in cache:
            cache[key] += 1
            self._write_number(entry, pattern.format(**values, seq=cache[key]))
            return
        with self.env.cr.savepoint(flush=False) as savepoint:
            while key not in cache:
                number += 1
                try:
                    self._write_number(entry, pattern.format(**values, seq=number))
                    cache[key] = number
                except pg_errors.UniqueViolation:
                    savepoint.rollback()

    def _write_number(self, entry, name):
        prefix, number = self._split(name, entry.journal_id)
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move
                   SET name = %s, sequence_prefix = %s, sequence_number = %s,
                       state = 'posted', posted_before = true
                 WHERE id = %s
                """,
                name,
                prefix,
                number,
                entry.id,
            ),
            log_exceptions=False,
        )

    def _split(self, name, journal):
        """(prefix, number) of an entry's name, as core's sequence mixin splits it."""
        entries = self.env["account.move"]
        regex = journal.sequence_override_regex or entries._sequence_fixed_regex
        found = re.match(entries._make_regex_non_capturing(regex.replace(r"?P<seq>", "")), name)
        return name[: found.start(1)], int(found.group(1) or 0)

    def _post_named(self, entries):
        """Post entries that have their number; flag gaps before and after them as core does."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move m
                   SET state = 'posted', posted_before = true,
                       made_sequence_gap = m.sequence_number > 1 AND NOT EXISTS (
                           SELECT FROM account_move p
                            WHERE p.journal_id = m.journal_id
                              AND p.sequence_prefix = m.sequence_prefix
                              AND p.sequence_number = m.sequence_number - 1)
                 WHERE m.id = ANY(%(ids)s);
                UPDATE account_move n SET made_sequence_gap = false
                  FROM account_move m
                 WHERE m.id = ANY(%(ids)s) AND n.journal_id = m.journal_id
                   AND n.sequence_prefix = m.sequence_prefix
                   AND n.sequence_number = m.sequence_number + 1 AND n.made_sequence_gap
                """,
                ids=entries.ids,
            )
        )

    def _line_rows(self, drafts):
        """The lines' own values; those of their entry come when they are inserted."""
        lines = [(entry.id, line) for entry in drafts for _c, _i, line in drafts[entry]["line_ids"]]
        products = self.env["product.product"].browse(
            {line["product_id"] for _entry, line in lines if line.get("product_id")}
        )
        units = {product.id: product.uom_id.id for product in products}
        return [
            {
                "n": n,
                "move": entry,
                "account": line["account_id"],
                "product": line.get("product_id") or None,
                "uom": units.get(line.get("product_id")),
                "partner": line.get("partner_id") or None,
                "name": line["name"],
                "balance": self._money(line["balance"]),
            }
            for n, (entry, line) in enumerate(lines)
        ]

    def _insert_lines(self, entries, lines):
        """Write the lines of posted entries in one statement."""
        who = self._who_and_when()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_move_line (
                    move_id, journal_id, company_id, company_currency_id, currency_id, sequence,
                    account_id, product_id, product_uom_id, partner_id, name, display_type,
                    move_name, parent_state, ref, date,
                    balance, debit, credit, amount_currency, price_subtotal, price_total,
                    amount_residual, amount_residual_currency,
                    quantity, price_unit, discount, deductible_amount,
                    is_storno, reconciled, no_followup,
                    create_uid, write_uid, create_date, write_date)
                SELECT m.id, m.journal_id, m.company_id, m.currency_id, m.currency_id, 100,
                       a.id, l.product, l.uom, l.partner, l.name, 'product',
                       m.name, m.state, m.ref, m.date,
                       l.balance, greatest(l.balance, 0), greatest(-l.balance, 0), l.balance,
                       l.balance, l.balance,
                       CASE WHEN a.reconcile THEN l.balance ELSE 0 END,
                       CASE WHEN a.reconcile THEN l.balance ELSE 0 END,
                       1, 0, 0, 100,
                       false, false, j.type = 'general',
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM jsonb_to_recordset(%(lines)s) AS l(
                       n int, move int, account int, product int, uom int, partner int,
                       name text, balance numeric)
                  JOIN account_move m ON m.id = l.move
                  JOIN account_journal j ON j.id = m.journal_id
                  JOIN account_account a ON a.id = l.account
                 WHERE m.id = ANY(%(ids)s)
                 ORDER BY l.n
                """,
                lines=json.dumps(lines),
                uid=who["create_uid"],
                now=who["create_date"],
                ids=entries.ids,
            )
        )
