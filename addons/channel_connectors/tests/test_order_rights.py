from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ChannelCase

MODELS = (
    "channel.account",
    "channel.inbox",
    "channel.order",
    "channel.order.line",
    "channel.problem",
)


@tagged("post_install", "-at_install")
class TestOrderRights(ChannelCase):
    def test_nobody_else_sees_a_channel(self):
        outsiders = {
            "worker": "base.group_portal,inventory_wms.group_worker",
            "stock": "stock.group_stock_manager",
            "sales": "sales_team.group_sale_manager",
            "accountant": "account.group_account_manager",
        }
        for name, groups in outsiders.items():
            user = new_test_user(self.env, f"channel_{name}", groups=groups)
            for model in MODELS:
                with self.subTest(user=name, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.subTest(user=name), self.assertRaises(AccessError):
                self.load(self.file({}), user=user)

    def test_a_lead_reads_and_changes_nothing(self):
        item = self.account.inbox_ids.browse(self.load(self.file({}))["inbox_id"])
        lead = self.lead
        self.assertEqual(item.with_user(lead).order_ids.order_ref, "A1")
        for record, values in (
            (self.account, {"name": "Mine"}),
            (item, {"state": "ready"}),
            (item.order_ids, {"state": "ready"}),
        ):
            with self.assertRaises(AccessError):
                record.with_user(lead).write(values)
        with self.assertRaises(AccessError):
            self.load(self.file({"order_ref": "A2"}), user=lead)
        with self.assertRaises(AccessError):
            item.with_user(lead).action_retry()

    def test_two_companies_do_not_see_or_disturb_each_other(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        foreign = self.env["channel.account"].create(
            {"name": "Spreadsheet test", "company_id": other.id}
        )
        self.assertEqual(foreign.warehouse_id.company_id, other)
        theirs = new_test_user(
            self.env,
            "channel_theirs",
            groups="channel_connectors.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.load(self.file({}))
        with self.assertRaises(AccessError):
            self.load(self.file({}), user=theirs)
        for model in MODELS:
            self.assertFalse(
                self.env[model].with_user(theirs).search([("company_id", "=", self.company.id)])
            )
        self.product("OURS", company_id=self.company.id)
        answer = self.load(self.file({"sku": "OURS"}), user=theirs, account=foreign)
        self.assertEqual(self.codes(answer), [("sku_unknown", 2)])
        answer = self.load(self.file({}), user=theirs, account=foreign)
        self.assertEqual(answer["created_orders"], 1)
        sale = self.sales(foreign)
        self.assertEqual(sale.company_id, other)
        self.assertEqual(sale.picking_ids.picking_type_id.warehouse_id.company_id, other)
        self.assertEqual(sale.partner_id.company_id, other)
        self.assertNotEqual(sale.partner_id, self.sales().partner_id)

    def test_a_bot_imports_and_sees_nothing_else(self):
        bot = new_test_user(
            self.env, "channel_bot", groups="base.group_portal,channel_connectors.group_bot"
        )
        answer = self.load(self.file({}), user=bot)
        self.assertEqual(answer["created_orders"], 1)
        again = self.account.with_user(bot).read_import(answer["inbox_id"])
        self.assertEqual(again["sale_order_ids"], answer["sale_order_ids"])
        for model in MODELS[1:]:
            with self.assertRaises(AccessError):
                self.env[model].with_user(bot).search([])
        with self.assertRaises(AccessError):
            self.account.with_user(bot).write({"muted": True})
