from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ChannelCase

BOOKING = "odoo.addons.channel_connectors.services.order_booking"


class Crash(BaseException):
    """The worker dies."""


@tagged("post_install", "-at_install")
class TestOrderBooking(ChannelCase):
    def setUp(self):
        super().setUp()
        self.booking = self.registry["channel.order.booking"]
        self.orders = self.file(*({"order_ref": f"A{n}"} for n in range(50)))

    def test_a_crash_in_the_middle_is_resumed_without_doubles(self):
        book, calls = self.booking._book, []

        def dying(booking, orders):
            calls.append(len(orders))
            if len(calls) == 3:
                raise Crash
            return book(booking, orders)

        try:  # no assertRaises: it would roll back the steps that are committed in real life
            with patch.object(self.booking, "_book", dying):
                self.load(self.orders)
        except Crash:
            calls.append("crashed")
        self.assertEqual(calls, [20, 20, 10, "crashed"])
        item = self.account.inbox_ids
        self.assertEqual((item.state, len(self.sales())), ("confirmed", 40))
        self.assertEqual(item._summary()["remaining_orders"], 10)
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 60):
            self.env["channel.order.booking"]._cron_work()
        self.assertEqual((item.state, len(self.sales())), ("done", 50))
        self.assertEqual(len(set(self.sales().mapped("client_order_ref"))), 50)

    def test_sending_the_file_again_goes_on_after_a_crash(self):
        with patch(f"{BOOKING}.SECONDS", 0):
            self.load(self.orders)
        answer = self.load(self.orders)
        self.assertEqual((answer["state"], len(self.sales())), ("done", 50))

    def test_one_bad_order_becomes_a_problem_and_the_others_go_on(self):
        book = self.booking._book

        def refusing(booking, orders):
            if "A7" in orders.mapped("order_ref"):
                raise UserError("A7 is cursed")
            return book(booking, orders)

        with patch.object(self.booking, "_book", refusing), mute_logger(BOOKING):
            answer = self.load(self.orders)
        self.assertEqual(
            (answer["state"], answer["created_orders"], answer["failed_orders"]), ("failed", 49, 1)
        )
        problem = self.env["channel.problem"].search(
            [("code", "=", "order_failed"), ("inbox_id", "=", answer["inbox_id"])]
        )
        self.assertIn("A7 is cursed", problem.what)
        item = self.env["channel.inbox"].browse(answer["inbox_id"])
        item.with_user(self.manager).action_retry()
        self.assertEqual((item.state, problem.state), ("done", "solved"))
        with self.assertRaisesRegex(UserError, "nothing to import"):
            item.with_user(self.manager).action_retry()
        self.assertEqual(len(self.sales()), 50)

    def test_a_request_books_what_fits_its_time_and_leaves_the_rest_to_the_cron(self):
        with patch(f"{BOOKING}.SECONDS", 0):
            answer = self.load(self.orders)
        self.assertEqual((answer["state"], answer["remaining_orders"]), ("confirmed", 50))
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("channel_connectors.channel_inbox_cron").id)]
        )
        self.assertTrue(triggers)

    def test_a_muted_channel_is_not_worked_off_in_the_background(self):
        with patch(f"{BOOKING}.SECONDS", 0):
            self.load(self.orders)
        self.account.muted = True
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 60):
            self.env["channel.order.booking"]._cron_work()
        self.assertFalse(self.sales())

    def test_nothing_is_reserved_by_the_import(self):
        self.env["stock.quant"]._update_available_quantity(
            self.apple, self.account.warehouse_id.lot_stock_id, 100
        )
        self.load(self.orders)
        self.assertEqual(set(self.sales().picking_ids.mapped("state")), {"confirmed"})

    def test_a_step_costs_the_same_number_of_queries_for_5_and_20_orders(self):
        counts = []
        for prefix, number in (("W", 5), ("X", 5), ("Y", 20)):
            data = self.file(*({"order_ref": f"{prefix}{n}"} for n in range(number)))
            self.preview(data)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.load(data)
            counts.append(self.env.cr.sql_log_count - start)
        # Odoo's own confirmation reads a little per order; ours must not
        self.assertLess(counts[2], counts[1] * 4)

    def test_two_imports_with_the_same_order_at_the_same_moment(self):
        """The loser saw no such order when it looked; the database knows better."""
        late = self.preview(self.file({}, {"order_ref": "A2"}))
        item = self.env["channel.inbox"].browse(late["inbox_id"])
        analysis = self.env["channel.order.intake"]._analyse(item)
        self.load(self.file({}))
        intake = self.env["channel.order.intake"]
        with self.assertRaisesRegex(UserError, "same orders"), mute_logger("odoo.sql_db"):
            intake._carry_out(item, analysis)
        self.assertEqual(self.sales().mapped("client_order_ref"), ["A1"])
