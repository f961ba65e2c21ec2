"""Guards: a period closes only when the books agree, and stock accounts are not for handwork."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

#: lock dates that close a period for the stock
LOCKS = ("fiscalyear_lock_date", "tax_lock_date", "hard_lock_date")
_SHOWN = 10
_RIGHT_CLOSE = "inventory_wms.group_close_anyway"
_RIGHT_POST = "inventory_wms.group_stock_account_entries"


class WmsBooks(models.AbstractModel):
    _inherit = "wms.books"

    # ------------------------------------------------------------------ closing a period
    def _is_pending(self, row):
        return any(cause["kind"] == "pending" for cause in row.causes)

    @api.model
    def _blocking(self, company, day):
        """What keeps a period from being closed: the stock accounts' differences on that day.

        :return: list of Comparison
        """
        self._flush()
        rows = self._compare_role(company, "valuation", day, self._pool_values(company, day))
        is_zero = company.currency_id.is_zero
        return [row for row in rows if not is_zero(row.difference) or self._is_pending(row)]

    @api.model
    def _describe(self, company, rows):
        """Differences in words, one per line, the first ten."""
        amount = company.currency_id.format
        lines = []
        for row in rows[:_SHOWN]:
            product = self.env["product.product"].browse(row.product_id)
            account = self.env["account.account"].browse(row.account_id)
            documents = ", ".join(
                f"{cause['label'] or '?'} ({amount(cause['amount'])})"
                for cause in row.causes
                if cause["kind"] != "core"
            )
            lines.append(
                self.env._(
                    "%(account)s, %(product)s: ledger %(ledger)s, stock %(books)s. %(documents)s",
                    account=account.display_name,
                    product=product.display_name if row.product_id else self.env._("no product"),
                    ledger=amount(row.ledger - row.core),
                    books=amount(row.books),
                    documents=documents,
                ).strip()
            )
        if len(rows) > _SHOWN:
            lines.append(self.env._("... and %s more.", len(rows) - _SHOWN))
        return "\n".join(lines)

    @api.model
    def _guard_closing(self, company, vals):
        """Refuse new lock dates of a company while stock and ledger differ on them.

        :param vals: as written; ``wms_lock_reason`` overrides, for those who have the right
        :raises RedirectWarning: lists the differences and leads to the reconciliation
        """
        new = {name: fields.Date.to_date(vals[name]) for name in LOCKS if vals.get(name)}
        new = {name: day for name, day in new.items() if not company[name] or day > company[name]}
        if not new:
            return
        day = max(new.values())
        for member in company.search([("id", "child_of", company.id)]):
            if self._uses_ledger(member):
                rows = self.with_company(member)._blocking(member, day)
                if rows:
                    self._close_anyway(member, rows, day, sorted(new), vals.get("wms_lock_reason"))

    def _close_anyway(self, company, rows, day, locks, reason):
        text = self._describe(company, rows)
        if not self.env.user.has_group(_RIGHT_CLOSE) or not (reason or "").strip():
            action = self.env.ref("inventory_wms.wms_reconciliation_action").id
            raise RedirectWarning(
                self.env._(
                    "%(company)s: stock and ledger differ at the end of %(day)s, so that day can't "
                    "be locked.\n%(text)s\nCorrect these documents. Who has the right 'May close "
                    "a period with differences' can lock with a reason in Warehouse > Books > "
                    "Close a Period.",
                    company=company.display_name,
                    day=day,
                    text=text,
                ),
                action,
                self.env._("Show the reconciliation"),
                {"default_date": str(day), "default_company_id": company.id},
            )
        self.env["wms.lock.override"].create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "date": day,
                "locks": ", ".join(locks),
                "reason": reason.strip(),
                "differences": text,
            }
        )

    # -------------------------------------------------------------- entries by hand
    @api.model
    def _guarded(self, company):
        """Account ids of a company that only stock events may use: role -> ids."""
        if not company.wms_stock_journal_id:
            return {}
        categories = self._costed_categories(company)
        roles = {
            role: set(self._accounts_of(categories, company, role).values()) - {False}
            for role in ("valuation", "grni", "shipped")
        }
        roles["valuation"] |= set(self._place_accounts(company).values())
        return {role: ids for role, ids in roles.items() if ids}

    @api.model
    def _by_hand(self, moves):
        """The lines of journal entries that touch stock accounts by hand.

        Lines of stock events, of Odoo's own closing, of goods that Odoo costs itself and of
        vendor bills for goods received are none of these.

        :param moves: ``account.move`` of one company
        """
        company = moves.company_id
        guarded = self._guarded(company)
        every = set().union(*guarded.values())
        lines = moves.line_ids.filtered(
            lambda line: line.account_id.id in every and not line.move_id.wms_core_closing
        )
        if not lines:
            return lines
        postings = self.env["wms.cost.posting"].search(
            [("account_move_id", "in", lines.move_id.ids)]
        )
        lines = lines.filtered(lambda line: line.move_id not in postings.account_move_id)
        return lines.filtered(lambda line: not self._is_documented(line, guarded))

    def _is_documented(self, line, guarded):
        """Whether a line belongs to what Odoo or a bill posts there in the normal course.

        Goods that Odoo costs itself are posted on their own stock account.
        """
        product = line.product_id.with_company(line.company_id)
        if product.is_storable and product.valuation != "perpetual_move":
            return line.account_id == product._get_product_accounts()["stock_valuation"]
        bill = line.move_id.is_purchase_document(include_receipts=True)
        on_grni = line.account_id.id in guarded.get("grni", ())
        return bill and on_grni and (bool(product) or line.display_type == "tax")

    @api.model
    def _guard_entries(self, moves):
        """Refuse entries by hand on stock accounts without the right and a reason.

        :raises UserError: which entry and account, and what to do
        """
        for company_moves in moves.grouped("company_id").values():
            lines = self._by_hand(company_moves)
            for move, mine in lines.grouped("move_id").items():
                accounts = ", ".join(mine.account_id.mapped("display_name"))
                if not self.env.user.has_group(_RIGHT_POST):
                    raise UserError(
                        self.env._(
                            "%(entry)s posts by hand on %(accounts)s, which must equal the goods "
                            "in stock. Correct the stock by a count, a bill or a return instead, "
                            "or ask somebody with the right 'May post on stock accounts by hand'.",
                            entry=move.display_name,
                            accounts=accounts,
                        )
                    )
                if not (move.wms_stock_reason or "").strip():
                    raise UserError(
                        self.env._(
                            "%(entry)s posts by hand on %(accounts)s: give the reason in the field "
                            "'Reason (stock account)' of the entry.",
                            entry=move.display_name,
                            accounts=accounts,
                        )
                    )

    @api.model
    def _guard_events(self, moves):
        """Refuse to touch entries that stock events made.

        :raises UserError: they are never edited, only adjusted
        """
        postings = self.env["wms.cost.posting"].search(
            [("account_move_id", "in", moves.ids)], limit=1
        )
        if postings:
            raise UserError(
                self.env._(
                    "%(entry)s was posted by a stock event (%(reference)s) and is never changed. "
                    "Reverse what happened: a return, a count, or another bill.",
                    entry=postings.account_move_id.display_name,
                    reference=postings.display_name,
                )
            )
