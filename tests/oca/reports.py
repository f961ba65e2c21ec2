"""OCA's general ledger and trial balance show the balances that our layers add up to.

Run by ``./wms test --oca`` on a database that has OCA's account_financial_report; nothing of the
suite imports it.
"""

from odoo import fields
from odoo.addons.inventory_wms.tests.valuation_common import BooksCase
from odoo.tests import tagged

# OCA's report -> its wizard
WIZARDS = {
    "trial_balance": "trial.balance.report.wizard",
    "general_ledger": "general.ledger.report.wizard",
}


@tagged("post_install", "-at_install")
class TestOcaReports(BooksCase):
    def a_week(self):
        """Two methods, a bill at another price, returns both ways, a count, an open receipt."""
        for method in ("fifo", "average", "lifo"):
            goods = self.goods(f"Goods {method}", method)
            first = self.receive(goods, 10, 10)
            self.receive(goods, 7, 3.33)
            sold = self.ship(goods, 9)
            self.bill(first, price=12.5, quantity=6)
            self.send_back(sold.picking_ids, 2)
            self.send_back(first.picking_ids, 1)
            self.invoice(sold)
            scrap = self.env["stock.scrap"].create({"product_id": goods.id, "scrap_qty": 1})
            scrap.do_scrap()
            self.assertBooks()

    def shown(self, report, accounts, day):
        """account -> ending balance that a report shows for the year up to a day."""
        wizard = self.env[WIZARDS[report]].create(
            {
                "company_id": self.company.id,
                "date_from": fields.Date.start_of(day, "year"),
                "date_to": day,
                "target_move": "posted",
                "account_ids": accounts.ids,
            }
        )
        data = wizard._prepare_report_data()
        name = f"report.account_financial_report.{report}"
        values = self.env[name]._get_report_values(wizard.ids, data)
        if report == "trial_balance":
            return {row["id"]: row["ending_balance"] for row in values["trial_balance"]}
        return {row["id"]: row["fin_bal"]["balance"] for row in values["general_ledger"]}

    def test_stock_accounts(self):
        self.a_week()
        day = fields.Date.today()
        totals = self.env["wms.cost.total"].search([("company_id", "=", self.company.id)])
        layers = self.env["wms.cost.layer"].search([("company_id", "=", self.company.id)])
        early = self.env["wms.cost.adjustment"].search([("company_id", "=", self.company.id)])
        back = self.env["wms.cost.consumption"].search([("company_id", "=", self.company.id)])
        ours = {
            self.accounts["V"].id: sum(totals.mapped("value")),
            self.accounts["G"].id: sum(early.mapped("open_value"))
            + sum(back.mapped("refundable_value"))
            - sum(layers.mapped("unbilled_value")),
        }
        accounts = self.accounts["V"] | self.accounts["G"]
        self.assertTrue(all(ours.values()), "nothing to compare")
        for report in WIZARDS:
            shown = self.shown(report, accounts, day)
            figures = {self.env["account.account"].browse(key).name: shown[key] for key in ours}
            print(f"{report}: {figures}; ours: {list(ours.values())}")  # noqa: T201
            for account, value in ours.items():
                self.assertAlmostEqual(shown[account], value, 2, report)
            before = self.shown(report, accounts, fields.Date.subtract(day, days=1))
            self.assertFalse(any(before.values()), "stock of today in the balances of yesterday")

    def test_a_difference_would_be_seen(self):
        """A manual entry on the stock account shows in OCA's balance and not in our layers."""
        self.a_week()
        stock, other = self.accounts["V"], self.accounts["X"]
        self.env["account.move.line"].flush_model()
        line = self.env["account.move.line"].search(
            [("account_id", "=", stock.id), ("parent_state", "=", "posted")], limit=1
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET account_id = %s WHERE id = %s", [other.id, line.id]
        )
        self.env.invalidate_all()
        totals = self.env["wms.cost.total"].search([("company_id", "=", self.company.id)])
        for report in WIZARDS:
            shown = self.shown(report, stock, fields.Date.today())
            self.assertNotAlmostEqual(shown[stock.id], sum(totals.mapped("value")), 2)
