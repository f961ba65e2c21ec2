"""Accounts and journal of a company that posts at the movement."""

from odoo import api, models, modules
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from . import locks

#: field of the company -> (name, account type, a code to start looking from)
_ACCOUNTS = {
    "account_stock_valuation_id": ("Stock valuation", "asset_current", "110100"),
    "wms_grni_account_id": ("Goods received, not invoiced", "liability_current", "211100"),
    "wms_cogs_account_id": ("Cost of goods sold", "expense_direct_cost", "500100"),
    "wms_variance_account_id": ("Purchase price variance", "expense_direct_cost", "500200"),
    "wms_count_account_id": ("Count differences and scrap", "expense", "600100"),
    "wms_revaluation_account_id": ("Stock revaluation", "expense", "600200"),
}


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    @api.model
    def _setup_company(self, company):
        """Create the accounts and the stock journal that a company lacks.

        'Shipped, not invoiced' stays empty: goods are expensed when they leave unless it is set.

        :raises UserError: when the company has no chart of accounts yet
        """
        # sudo: whoever switches a category on need not be an accountant.
        env = self.sudo().with_company(company).env
        company = company.sudo()
        if not company.root_id.chart_template:
            raise UserError(
                self.env._(
                    "%s has no chart of accounts. Install one in the accounting settings first.",
                    company.name,
                )
            )
        self._set_up_once(company)
        accounts = env["account.account"]
        for name, (text, kind, code) in _ACCOUNTS.items():
            if not company[name]:
                company[name] = accounts.create(
                    {
                        "name": text,
                        "code": accounts._search_new_account_code(code),
                        "account_type": kind,
                        "reconcile": name == "wms_grni_account_id",
                        "company_ids": [(6, 0, company.root_id.ids)],
                    }
                )
        if not company.wms_stock_journal_id:
            company.wms_stock_journal_id = env["account.journal"].create(
                {
                    "name": self.env._("Stock at movement"),
                    "code": "WMS",
                    "type": "general",
                    "company_id": company.id,
                    "show_on_dashboard": False,
                }
            )
        return True

    def _set_up_once(self, company):
        """Let one transaction at a time set a company up; whoever waited begins anew.

        :raises ConcurrencyError: another transaction has done it after ours began, which Odoo
            answers by running the request again
        """
        if modules.module.current_test or not self.env.registry.ready:
            return  # one transaction; or tables that no other may read yet
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", locks.SETUP, company.id))
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL("SELECT wms_stock_journal_id FROM res_company WHERE id = %s", company.id)
            )
            (journal,) = cr.fetchone() or (None,)
        if journal and journal != company.wms_stock_journal_id.id:
            raise ConcurrencyError(f"company {company.id} was set up meanwhile")

    @api.model
    def _require_books(self, company):
        """Make sure a company can post at the movement before a category asks for it.

        :raises UserError: as :meth:`_setup_company`
        """
        # sudo: as there.
        company = company.sudo()
        if not company.wms_stock_journal_id or not all(company[name] for name in _ACCOUNTS):
            self._setup_company(company)

    def _journal(self):
        """The company's own stock journal, made at its first use."""
        # sudo: whoever validates a transfer may not read journals.
        company = self.env.company.sudo()
        if not company.wms_stock_journal_id:
            self._setup_company(company)
        return company.wms_stock_journal_id
