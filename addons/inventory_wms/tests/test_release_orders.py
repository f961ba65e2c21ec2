"""What a release goes by: profile, deadline, urgency, work; holds."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import freeze_time, new_test_user, tagged

from .picking_case import PickingCase

MONDAY = Datetime.to_datetime("2026-03-02 10:00:00")


@tagged("post_install", "-at_install")
class TestReleaseOrders(PickingCase):
    def setUp(self):
        super().setUp()
        self.warehouse.wms_tz = "UTC"
        self.stock("A-01-1", apple=100)

    def cutoff(self, **values):
        return self.env["wms.carrier.cutoff"].create({"name": "Truck", "hour": 16.0, **values})

    def profile(self, **values):
        return self.env["wms.order.profile"].create({"name": "Profile", **values})

    def sale(self, apples=1, promised=None, team=None, **partner):
        """A confirmed sale and its delivery."""
        customer = self.env["res.partner"].create({"name": "Customer", **partner})
        sale = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "team_id": team and team.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product("apple").id, "product_uom_qty": apples}
                    )
                ],
            }
        )
        sale.commitment_date = promised
        self.warehouse.out_type_id.reservation_method = "manual"
        sale.action_confirm()
        return sale.picking_ids

    # deadline
    @freeze_time(MONDAY)
    def test_first_cut_off_that_can_be_met(self):
        self.cutoff(lead_minutes=30)
        self.assertEqual(self.sale().wms_ship_by, MONDAY.replace(hour=15, minute=30))

    @freeze_time(MONDAY.replace(hour=15, minute=45))
    def test_too_late_for_today(self):
        self.cutoff(lead_minutes=30)
        due = MONDAY.replace(hour=15, minute=30) + timedelta(days=1)
        self.assertEqual(self.sale().wms_ship_by, due)

    @freeze_time(MONDAY)
    def test_last_cut_off_before_the_promise(self):
        self.cutoff(lead_minutes=0)
        order = self.sale(promised=MONDAY.replace(day=5, hour=12))
        self.assertEqual(order.wms_ship_by, MONDAY.replace(day=4, hour=16))
        order.sale_id.commitment_date = MONDAY.replace(day=5, hour=17)
        self.assertEqual(order.wms_ship_by, MONDAY.replace(day=5, hour=16))

    @freeze_time(MONDAY)
    def test_without_cut_off_the_promise_counts(self):
        promised = MONDAY.replace(day=5, hour=12)
        self.assertEqual(self.sale(promised=promised).wms_ship_by, promised)

    @freeze_time(MONDAY)
    def test_cut_off_of_a_channel_and_of_a_new_rule(self):
        shop, other = self.env["crm.team"].create([{"name": "Shop"}, {"name": "Other"}])
        self.cutoff(team_ids=shop.ids, hour=12.0, lead_minutes=0)
        order, later = self.sale(team=shop), self.sale(team=other)
        self.assertEqual(order.wms_ship_by, MONDAY.replace(hour=12))
        before = later.wms_ship_by
        rule = self.cutoff(team_ids=other.ids, hour=14.0, lead_minutes=0)
        self.assertEqual(later.wms_ship_by, MONDAY.replace(hour=14))
        rule.unlink()
        self.assertEqual(later.wms_ship_by, before)

    def test_hours_are_those_of_the_warehouse(self):
        with freeze_time(MONDAY):
            self.cutoff(lead_minutes=0)
            order = self.sale()
            self.warehouse.wms_tz = "Europe/Berlin"
            self.assertEqual(order.wms_ship_by, MONDAY.replace(hour=15))

    # profile
    def test_first_profile_that_fits(self):
        tag = self.env["res.partner.category"].create({"name": "Wholesale"})
        belgium = self.env.ref("base.be")
        wholesale = self.profile(sequence=1, tag_ids=tag.ids)
        abroad = self.profile(sequence=2, country_ids=belgium.ids)
        single = self.profile(sequence=3, max_lines=1)
        rest = self.profile(sequence=4)
        self.assertEqual(
            self.sale(category_id=tag.ids, country_id=belgium.id).wms_profile_id, wholesale
        )
        self.assertEqual(self.sale(country_id=belgium.id).wms_profile_id, abroad)
        order = self.sale()
        self.assertEqual(order.wms_profile_id, single)
        two = self.order(apple=1, pear=1)
        self.assertEqual(two.wms_profile_id, rest)
        single.active = False
        self.assertEqual(order.wms_profile_id, rest)

    def test_receipts_have_none(self):
        self.profile()
        receipt = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.in_type_id.id}
        )
        self.assertFalse(receipt.wms_profile_id or receipt.wms_ship_by or receipt.wms_work_minutes)

    # urgency
    def test_priority_deadline_waiting(self):
        with freeze_time(MONDAY):
            calm, due = self.sale(promised=MONDAY + timedelta(days=9)), self.sale()
            starred = self.sale(promised=MONDAY + timedelta(days=9))
            starred.priority = "1"
        with freeze_time(MONDAY + timedelta(hours=1)):
            fresh = self.sale()
            found = self.env["wms.planning"]._candidates(self.warehouse)
            self.assertEqual(found.ids, [due.id, fresh.id, starred.id, calm.id])
            points = found.mapped("wms_urgency")
            self.assertEqual(points, sorted(points, reverse=True))
            self.assertEqual(found.filtered("wms_is_late"), due)

    def test_stars_of_the_profile(self):
        team = self.env["crm.team"].create({"name": "Express"})
        self.profile(team_ids=team.ids, stars=2)
        plain, express = self.sale(), self.sale(team=team)
        self.assertAlmostEqual(express.wms_urgency - plain.wms_urgency, 96, delta=1)

    def test_orders_from_before_the_installation(self):
        order = self.order(apple=1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_picking SET wms_ship_by = NULL, wms_rank = NULL WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        self.assertIn(order, self.env["wms.planning"]._candidates(self.warehouse))
        self.assertTrue(order.wms_ship_by)

    # work
    def test_work_of_an_order(self):
        self.warehouse.write(
            {
                "wms_seconds_order": 60,
                "wms_seconds_stop": 10,
                "wms_seconds_unit": 2,
                "wms_metres_line": 12,
                "wms_walking_speed": 1,
            }
        )
        order = self.order(apple=3, pear=2)
        self.assertAlmostEqual(order.wms_work_minutes, (60 + 20 + 10 + 24) / 60, 1)
        self.warehouse.wms_seconds_unit = 32
        self.assertAlmostEqual(order.wms_work_minutes, (60 + 20 + 160 + 24) / 60, 1)
        with self.assertRaises(ValidationError):
            self.warehouse.wms_walking_speed = 0

    def test_queries_do_not_grow_with_the_orders(self):
        self.profile(), self.cutoff()

        def cost(count):
            orders = self.order(apple=1)
            for _order in range(count - 1):
                orders += orders[0].copy()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["wms.release"]._refresh(self.env.company)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = cost(2)
        self.assertLessEqual(cost(40), few + 2)

    # holds
    def hold(self, orders, user=None, **args):
        args = {"reason": "address", **args}
        envelope = self.envelope("order.hold", picking_ids=orders.ids, **args)
        return self.execute(envelope, user or self.lead)

    def test_a_held_order_stays_and_says_why(self):
        held, free = self.order(apple=1), self.order(apple=1)
        self.assertApplied(self.hold(held, note="house number"))
        self.assertEqual((held.wms_hold_user_id, held.wms_hold), (self.lead, True))
        result = self.assertApplied(self.release())
        self.assertEqual(result["waves"][0]["picking_ids"], free.ids)
        (skipped,) = result["skipped"]
        self.assertEqual((skipped["picking_id"], skipped["code"]), (held.id, "skip_hold"))
        self.assertIn("house number", skipped["reason"])
        asked = self.assertApplied(self.release(picking_ids=held.ids))
        self.assertEqual(asked["skipped"][0]["code"], "skip_hold")
        held.action_assign()
        with self.assertRaises(UserError):
            held.button_validate()
        self.assertApplied(
            self.execute(self.envelope("order.unhold", picking_ids=held.ids), self.lead)
        )
        self.assertEqual(self.wave().picking_ids, held)

    def test_holds_that_are_refused(self):
        order = self.order(apple=1)
        self.assertRefused(self.hold(order, reason="bin_empty"), "unknown_reason")
        self.assertRefused(self.hold(order, user=self.worker), "not_allowed")
        self.wave()
        self.assertRefused(self.hold(order), "order_in_wave")
        done = self.order(apple=1)
        done.action_assign()
        done.button_validate()
        self.assertRefused(self.hold(done), "order_closed")

    def test_hold_sent_twice_counts_once(self):
        order = self.order(apple=1)
        envelope = self.envelope("order.hold", picking_ids=order.ids, reason="address")
        first = self.execute(envelope, self.lead)
        again = self.execute(envelope, self.lead)
        self.assertEqual((first["status"], again["status"]), ("applied", "replayed"))
        self.assertEqual(again["result"], first["result"])

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "other_lead",
            groups="inventory_wms.group_lead",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        device = self.env["wms.device"].create({"name": "There", "company_id": company.id})
        order = self.order(apple=1)
        envelope = dict(
            self.envelope("order.hold", picking_ids=order.ids, reason="address"),
            device_id=device.uid,
            seq=1,
        )
        self.assertRefused(self.execute(envelope, stranger), "other_company")
        profile = self.profile()
        self.assertFalse(
            self.env["wms.order.profile"].with_user(stranger).search([("id", "=", profile.id)])
        )

    def test_a_lead_does_not_change_the_rules(self):
        for model in ("wms.order.profile", "wms.carrier.cutoff", "wms.shift"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.lead).create({"name": "No"})
