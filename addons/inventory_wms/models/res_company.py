from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    # commands
    wms_controlled_stock = fields.Boolean(
        "Controlled stock",
        help="Refuse direct writes of on-hand and reserved quantities; only transfers, counts "
        "and the scanner change stock.",
    )

    # planning
    wms_planning_seconds = fields.Float(
        "Seconds for planning a wave",
        default=2.0,
        help="Processor time for putting orders on carts with few metres. More seconds, fewer "
        "metres; stock of the warehouse waits meanwhile. 0: the first plan is taken.",
    )
    _wms_planning_seconds_range = models.Constraint(
        "CHECK (wms_planning_seconds BETWEEN 0 AND 60)",
        "Planning a wave takes 0 to 60 seconds.",
    )

    # packing
    wms_pack_tolerance_pct = fields.Float(
        "Weight tolerance (%)",
        default=3.0,
        help="How far a packed box may be from its expected weight; the larger of the two counts.",
    )
    wms_pack_tolerance_g = fields.Float("Weight tolerance (g)", default=50.0)
    wms_pack_weigh = fields.Boolean(
        "Every box is weighed", help="A box can't be closed without its measured weight."
    )
    wms_gs1_prefix = fields.Char(
        "GS1 company prefix",
        help="4 to 12 digits given by GS1. Packed boxes get a serial shipping container code "
        "(SSCC-18) with it as their name; without it they are numbered as Odoo numbers packages.",
    )

    # valuation: what categories follow that choose nothing themselves
    inventory_valuation = fields.Selection(
        selection_add=[("perpetual_move", "Perpetual (at movement)")],
        ondelete={"perpetual_move": "set default"},
    )
    cost_method = fields.Selection(
        selection_add=[("lifo", "Last In First Out (LIFO)")],
        ondelete={"lifo": "set default"},
    )

    # valuation: the accounts of categories that name none
    wms_grni_account_id = fields.Many2one("account.account", "Goods received, not invoiced")
    wms_shipped_account_id = fields.Many2one(
        "account.account",
        "Goods shipped, not invoiced",
        help="Empty: goods are expensed when they leave. Set: when their invoice is posted.",
    )
    wms_cogs_account_id = fields.Many2one("account.account", "Cost of goods sold")
    wms_variance_account_id = fields.Many2one("account.account", "Purchase price variance")
    wms_count_account_id = fields.Many2one("account.account", "Count differences and scrap")
    wms_revaluation_account_id = fields.Many2one("account.account", "Stock revaluation")
    wms_no_write_ups = fields.Boolean(
        "Never reverse write-downs",
        compute="_compute_wms_no_write_ups",
        store=True,
        readonly=False,
        help="US GAAP (ASC 330-10-35-14): written down goods have a new cost for good. IFRS "
        "(IAS 2.33) lifts them again when their price recovers, up to what they cost.",
    )
    wms_stock_journal_id = fields.Many2one("account.journal", "Journal of stock at movement")
    wms_entry_per = fields.Selection(
        [("transfer", "Each transfer"), ("day", "Each day")],
        "One stock entry for",
        default="transfer",
        required=True,
        help="Each day: what moves is collected and posted in one entry when the day is over. "
        "Until then the ledger differs from the stock by what is collected.",
    )
    wms_entry_sequence_id = fields.Many2one(
        "ir.sequence", "Numbers of stock entries", readonly=True, ondelete="restrict"
    )
    wms_entry_gaps = fields.Boolean(
        "Gaps in the numbers of stock entries",
        compute="_compute_wms_entry_gaps",
        inverse="_inverse_wms_entry_gaps",
        help="Numbers come from a database sequence, so that no transfer waits for another one's "
        "number. A transfer that fails leaves a gap; not for journals whose entries are hashed.",
    )

    # labour
    wms_labour_named = fields.Boolean(
        "Names in labour figures",
        help="Off: leads see figures of the team, never of one person. Switch it on only where law "
        "and works agreements allow it. The record of commands is kept either way.",
    )
    wms_labour_pause_s = fields.Integer(
        "Longest pause that counts as work (s)",
        default=300,
        help="What lies beyond it between two scans counts as idle, unless an activity was begun.",
    )
    _wms_labour_pause_positive = models.Constraint(
        "CHECK(wms_labour_pause_s > 0)", "The pause must be longer than nothing."
    )

    @api.constrains("wms_gs1_prefix")
    def _wms_check_gs1_prefix(self):
        for company in self.filtered("wms_gs1_prefix"):
            prefix = company.wms_gs1_prefix
            if not (prefix.isascii() and prefix.isdigit() and 4 <= len(prefix) <= 12):
                raise ValidationError(self.env._("A GS1 company prefix has 4 to 12 digits."))

    @api.constrains("cost_method", "wms_lifo_confirmed")
    def _wms_check_lifo_permitted(self):
        for company in self:
            if company.cost_method == "lifo":
                self.env["wms.books"]._require_lifo(company)

    @api.depends("account_fiscal_country_id")
    def _compute_wms_no_write_ups(self):
        for company in self:
            company.wms_no_write_ups = company.account_fiscal_country_id.code == "US"

    @api.constrains("inventory_valuation", "cost_method")
    def _wms_check_method(self):
        for company in self:
            if company.cost_method == "lifo" and company.inventory_valuation != "perpetual_move":
                raise ValidationError(
                    self.env._(
                        "%(company)s: LIFO needs the valuation 'Perpetual (at movement)'. Choose "
                        "both together.",
                        company=company.name,
                    )
                )
            if company.inventory_valuation == "perpetual_move":
                self.env["wms.valuation"]._require_books(company)

    def write(self, vals):
        # sudo: the books are compared for whoever may set lock dates.
        books = self.env["wms.books"].sudo()
        service = self.env["wms.valuation"]
        if service._is_opening():
            return super().write(vals)
        service._refuse_defaults(self, vals)
        for company in self:
            books._guard_closing(company.sudo(), vals)
        days = self.filtered(lambda company: company.wms_entry_per == "day")
        result = super().write(vals)
        if vals.get("wms_entry_per", "day") != "day" and days:
            # sudo: whoever may change the setting need not be an accountant.
            self.env["wms.valuation"].sudo()._post_collected(days, fields.Date.today())
        return result

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: whoever may create a company need not manage devices.
        self.env["wms.device"].sudo()._create_office_devices()
        return companies

    # books
    wms_lock_reason = fields.Char(
        "Reason of the last lock with differences",
        copy=False,
        help="Written together with a lock date by those who may close a period although stock "
        "and ledger differ.",
    )
    wms_lifo_reserve_account_id = fields.Many2one(
        "account.account",
        "LIFO reserve",
        help="Takes the difference of periodic to perpetual LIFO at a year's end.",
    )
    wms_lifo_confirmed = fields.Boolean(
        "LIFO is permitted here",
        copy=False,
        help="Our accountant has confirmed that the company may value stock last in, first out.",
    )

    # Odoo's own stock closing is for the goods that Odoo costs: ours are in the ledger already
    def action_close_stock_valuation(self, at_date=None, auto_post=False):
        """Core's closing, once the ledger holds the transfers that wait for their day's entry.

        :return: what core returns
        """
        day = fields.Date.to_date(at_date) or fields.Date.today()
        # sudo: whoever may close the stock may not write the rows of stock events.
        self.env["wms.valuation"].sudo()._post_collected(self, day)
        return super().action_close_stock_valuation(at_date=at_date, auto_post=auto_post)

    def _action_close_stock_valuation(self, at_date=None):
        return super(ResCompany, self.with_context(wms_closing=True))._action_close_stock_valuation(
            at_date=at_date
        )

    def _get_accounts_by_product(self, products=None):
        if self.env.context.get("wms_closing") and not products:
            stored = self.env["product.product"].with_company(self)
            stored = stored.search([("is_storable", "=", True)])
            products = stored - stored._wms_costed()
            if not products:  # core would take all of them
                return {}
        return super()._get_accounts_by_product(products)

    def stock_accounting_value(self, accounts_by_product=None, at_date=None):
        """What the ledger says of the stock; in a closing without what it says of our goods.

        :return: ``account.account`` -> balance
        """
        found = super().stock_accounting_value(accounts_by_product, at_date)
        if self.env.context.get("wms_closing") and found:
            for account, balance in self._wms_ledger_of_ours(found, at_date):
                found[account] -= balance
        return found

    def _wms_ledger_of_ours(self, accounts, at_date):
        """(account, balance) of goods costed at movement, on the accounts that hold them now.

        What an opening took off an account that they left stays core's: it meets the closing
        that had put it there.
        """
        domain = Domain(
            [
                ("account_id", "in", [account.id for account in accounts]),
                ("company_id", "=", self.id),
                ("parent_state", "=", "posted"),
                ("product_id.is_storable", "=", True),
            ]
        )
        if at_date:
            domain &= Domain("date", "<=", at_date)
        rows = self.env["account.move.line"]._read_group(
            domain, ["account_id", "product_id"], ["balance:sum"]
        )
        # sudo: whoever may close the stock need not read how categories are costed.
        books = self.env["wms.books"].sudo()
        of_category = books._category_accounts(self, "valuation")
        of_places = set(books._place_accounts(self).values())
        for account, product, balance in rows:
            own = of_category.get(product.categ_id.id)
            if own and (account.id == own or account.id in of_places):
                yield account, balance

    def _save_closing_id(self, move_id):
        """Remember that an entry is Odoo's own closing, which concerns goods that it costs."""
        result = super()._save_closing_id(move_id)
        # sudo: the closing itself runs for whoever may close the stock.
        self.env["account.move"].sudo().browse(move_id).wms_core_closing = True
        return result

    @api.depends("wms_entry_sequence_id")
    def _compute_wms_entry_gaps(self):
        for company in self:
            company.wms_entry_gaps = bool(company.wms_entry_sequence_id)

    def _inverse_wms_entry_gaps(self):
        for company in self:
            if company.wms_entry_gaps and company.wms_stock_journal_id.restrict_mode_hash_table:
                raise ValidationError(
                    self.env._(
                        "Entries of %s are hashed, which needs numbers without gaps. Choose "
                        "another journal for stock at movement first.",
                        company.wms_stock_journal_id.display_name,
                    )
                )
            if company.wms_entry_gaps != bool(company.wms_entry_sequence_id):
                self.env["wms.valuation"]._set_gaps(company, company.wms_entry_gaps)
