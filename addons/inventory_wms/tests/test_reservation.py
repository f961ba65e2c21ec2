from odoo import Command
from odoo.tests import tagged

from .picking_case import PickingCase


@tagged("post_install", "-at_install")
class TestReservation(PickingCase):
    """Rules that name the bins, the lot that is asked for, what stays with core, statements."""

    def setUp(self):
        super().setUp()
        self.service = self.env["wms.reservation"]

    def category(self, method, **vals):
        """A category whose goods leave by this removal method."""
        removal = self.env["product.removal"].search([("method", "=", method)])
        return self.env["product.category"].create(
            {"name": method, "removal_strategy_id": removal.id, **vals}
        )

    def assign(self, *orders):
        """Reserve what there is, as core's button would."""
        self.service._assign(self.env["stock.picking"].union(*orders).move_ids)

    def bins_of(self, order):
        """bin -> quantity reserved for an order."""
        return {line.location_id.name: line.quantity_product_uom for line in order.move_line_ids}

    def received(self, code, day):
        """Say when the goods of a bin came."""
        self.env["stock.quant"].search([("location_id", "=", self.bin(code).id)]).in_date = day

    # rules of ours
    def test_full_cases_first_then_opened_ones(self):
        six = self.env.ref("uom.product_uom_pack_6")
        soap = self.product("soap")
        soap.write({"categ_id": self.category("wms_full_case").id})
        soap.uom_ids = [Command.set(six.ids)]
        for code, quantity, day in (
            ("S-1", 4, "2026-01-01"),
            ("S-2", 12, "2026-02-01"),
            ("S-3", 12, "2026-03-01"),
        ):
            self.stock(code, soap=quantity)
            self.received(code, day)
        first, second = self.order(soap=8), self.order(soap=9)
        self.assign(first, second)
        self.assertEqual(self.bins_of(first), {"S-2": 6, "S-1": 2})
        # the next full case, the two loose units that are left, and one of a case that is opened
        self.assertEqual(self.bins_of(second), {"S-2": 6, "S-1": 2, "S-3": 1})

    def test_fewest_bins_whatever_their_age(self):
        self.product("soap").categ_id = self.category("wms_fewest_bins")
        for code, quantity, day in (
            ("S-1", 5, "2026-01-01"),
            ("S-2", 5, "2026-02-01"),
            ("S-3", 9, "2026-03-01"),
        ):
            self.stock(code, soap=quantity)
            self.received(code, day)
        first, second = self.order(soap=8), self.order(soap=6)
        self.assign(first, second)
        self.assertEqual(self.bins_of(first), {"S-3": 8})
        self.assertEqual(len(self.bins_of(second)), 2)

    def test_core_knows_the_rules_of_ours_as_first_in_first_out(self):
        for method in ("wms_full_case", "wms_fewest_bins"):
            name = method.split("_")[-1]
            self.product(name).categ_id = self.category(method)
            for code, day in ((f"{name}-1", "2026-02-01"), (f"{name}-2", "2026-01-01")):
                self.stock(code, **{name: 5})
                self.received(code, day)
            order = self.order(**{name: 3})
            order.action_assign()
            self.assertEqual(self.bins_of(order), {f"{name}-2": 3})

    def test_a_wave_names_the_rule(self):
        for method, said in (
            ("wms_full_case", "Full cases go first"),
            ("wms_fewest_bins", "As few bins as possible"),
        ):
            name = method.split("_")[-1]
            self.product(name).categ_id = self.category(method)
            self.stock(f"{name}-1", **{name: 5})
            order = self.order(**{name: 3})
            self.assertIn(said, self.wave(picking_ids=order.ids).wms_task_ids.explanation_text)

    def test_parts_of_orders_by_command(self):
        self.stock("S-1", soap=3)
        whole, part = self.order(soap=2), self.order(soap=2)
        wanted = {"picking_ids": (whole + part).ids, "partial": True}
        answer = self.execute(self.envelope("wave.reserve", **wanted), self.lead)
        result = self.assertApplied(answer)
        self.assertEqual(result["reserved"], whole.ids)
        self.assertEqual([told["picking_id"] for told in result["skipped"]], part.ids)
        self.assertEqual((self.reserved("soap"), part.move_ids.quantity), (3, 1))

    # the lot that the customer asks for
    def lots(self, *stock):
        """Put lots of tea into bins: (lot, bin, quantity); a lot without a name is no lot."""
        tea = self.product("tea")
        tea.tracking = "lot"
        made = {}
        for name, code, quantity in stock:
            lot = self.env["stock.lot"]
            if name:
                lot = made.setdefault(name, lot.create({"name": name, "product_id": tea.id}))
            self.env["stock.quant"]._update_available_quantity(
                tea, self.bin(code), quantity, lot_id=lot
            )
        return made

    def test_the_lot_that_is_asked_for_and_no_other(self):
        made = self.lots(("OLD", "T-1", 9), ("NEW", "T-2", 4), ("", "T-3", 9))
        ways = {
            "ours": self.assign,
            "core": lambda order: order.action_assign(),
        }
        for name, reserve in ways.items():
            with self.subTest(name):
                order = self.order(tea=6)
                order.move_ids.wms_lot_id = made["NEW"]
                reserve(order)
                self.assertEqual(self.bins_of(order), {"T-2": 4})
                self.assertEqual(order.move_ids.state, "partially_available")
                order.action_cancel()

    def test_a_wave_says_that_the_lot_was_asked_for(self):
        made = self.lots(("OLD", "T-1", 9), ("NEW", "T-2", 4))
        order = self.order(tea=3)
        order.move_ids.wms_lot_id = made["NEW"]
        task = self.wave().wms_task_ids
        self.assertEqual(task.lot_id, made["NEW"])
        self.assertIn("customer asked for", task.explanation_text)

    def test_the_lot_of_a_sale_reaches_the_move_from_the_bins(self):
        self.warehouse.delivery_steps = "pick_ship"
        made = self.lots(("OLD", "T-1", 9), ("NEW", "T-2", 4))
        tea = self.product("tea")
        asked = {"product_id": tea.id, "product_uom_qty": 2, "wms_lot_id": made["NEW"].id}
        plain = {"product_id": tea.id, "product_uom_qty": 1}
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Customer"}).id,
                "order_line": [Command.create(asked), Command.create(plain)],
            }
        )
        sale.action_confirm()
        moves = sale.picking_ids.move_ids.filtered(
            lambda move: move.picking_type_id == self.warehouse.pick_type_id
        )
        self.assertEqual(moves.wms_lot_id, made["NEW"])
        # the lines are not merged into one move
        self.assertEqual(sorted(moves.mapped("product_uom_qty")), [1, 2])

    # what core does stays as it is
    def test_goods_left_to_core_do_not_come_from_locked_bins(self):
        self.product("soap").categ_id = self.category("least_packages")
        self.stock("S-1", soap=5)
        self.stock("S-2", soap=5)
        self.bin("S-1").wms_locked = True
        order = self.order(soap=3)
        self.assign(order)
        self.assertEqual(self.bins_of(order), {"S-2": 3})

    def test_stock_below_zero_is_set_off_as_core_does(self):
        self.stock("S-1", soap=5)
        self.env["stock.quant"]._update_available_quantity(
            self.product("soap"), self.bin("S-2"), -3
        )
        order = self.order(soap=4)
        self.assign(order)
        self.assertEqual(self.bins_of(order), {"S-1": 2})

    def test_what_is_missing_is_added_to_the_line(self):
        self.stock("S-1", soap=3)
        order = self.order(soap=5)
        self.assign(order)
        self.assertEqual(order.move_ids.state, "partially_available")
        line = order.move_line_ids
        self.stock("S-1", soap=10)
        self.assign(order)
        self.assertEqual((order.move_line_ids, line.quantity), (line, 5))
        self.assertEqual((order.state, self.reserved("soap")), ("assigned", 5))

    def test_all_at_once_or_as_soon_as_possible(self):
        self.stock("S-1", soap=3)
        order = self.order(soap=2, brush=1)
        for policy, state in (("one", "confirmed"), ("direct", "assigned")):
            with self.subTest(policy):
                order.do_unreserve()
                order.move_type = policy
                self.assign(order)
                self.assertEqual(order.state, state)
                self.assertEqual(self.reserved("soap"), 2)

    def test_whole_packages_move_as_a_whole(self):
        soap = self.product("soap")
        package = self.env["stock.package"].create({"name": "PALLET"})
        self.env["stock.quant"]._update_available_quantity(
            soap, self.bin("S-1"), 6, package_id=package
        )
        whole, part = self.order(soap=6), self.order(soap=6)
        self.assign(whole, part)
        self.assertEqual(whole.move_line_ids.result_package_id, package)
        self.assertTrue(whole.move_line_ids.is_entire_pack)
        whole.do_unreserve()
        part.move_ids.product_uom_qty = 5
        self.assign(part)
        self.assertFalse(part.move_line_ids.result_package_id)

    def test_weights_of_packages_as_core_says(self):
        """They are read for all transfers at once; core's own computation is the judge."""
        kind = self.env["stock.package.type"].create({"name": "Pallet", "base_weight": 20})
        orders = self.env["stock.picking"]
        for number, (weight, quantity) in enumerate(((0.5, 6), (2, 3))):
            item = self.product(f"item{number}")
            item.weight = weight
            package = self.env["stock.package"].create(
                {"name": f"PALLET {number}", "package_type_id": kind.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                item, self.bin("S-1"), quantity, package_id=package
            )
            self.stock("S-2", loose=9)
            orders += self.order(**{f"item{number}": quantity, "loose": 1})
        self.product("loose").weight = 0.1
        self.assign(*orders)
        self.env.flush_all()
        weights = self.service._weights(orders)
        for order, inside in zip(orders, (3, 6), strict=True):
            package = order.move_line_ids.result_package_id
            ours = package.with_context(wms_weights=weights)._get_weight(order.id)
            self.assertEqual(ours, package._get_weight(order.id))
            self.assertAlmostEqual(ours[package], 20 + inside)
        stored = orders.mapped("shipping_weight")
        self.env.add_to_compute(orders._fields["shipping_weight"], orders)
        self.assertEqual(orders.mapped("shipping_weight"), stored)

    def test_two_transfers_out_of_one_package(self):
        soap = self.product("soap")
        package = self.env["stock.package"].create({"name": "PALLET"})
        self.env["stock.quant"]._update_available_quantity(
            soap, self.bin("S-1"), 6, package_id=package
        )
        first, second = self.order(soap=4), self.order(soap=2)
        self.assign(first, second)
        self.assertEqual((first | second).move_line_ids.package_id, package)
        self.assertFalse((first | second).move_line_ids.result_package_id)

    def test_two_transfers_empty_one_container(self):
        """Its packages go out with two orders; core then moves the container too."""
        container = self.env["stock.package"].create({"name": "CONTAINER"})
        orders = self.env["stock.picking"]
        for number in range(2):
            package = self.env["stock.package"].create(
                {"name": f"BOX {number}", "parent_package_id": container.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.product(f"item{number}"), self.bin("S-1"), 4, package_id=package
            )
            orders += self.order(**{f"item{number}": 4})
        facts = []
        for reserve in (lambda: orders.move_ids._action_assign(), lambda: self.assign(*orders)):
            orders.do_unreserve()
            reserve()
            boxes = orders.move_line_ids.result_package_id.sorted("name")
            facts.append((boxes.mapped("name"), boxes.package_dest_id.mapped("name")))
            boxes.package_dest_id = False
        self.assertEqual(facts[0], facts[1])
        self.assertEqual(facts[1], (["BOX 0", "BOX 1"], ["CONTAINER"]))

    # statements
    def test_statements_do_not_grow_with_lines(self):
        goods = [f"item{number}" for number in range(6)]
        for number, name in enumerate(goods):
            self.stock(f"I-{number}", **{name: 1000})

        def world(orders):
            made = [self.order(**dict.fromkeys(goods[:3], 2)) for _order in range(orders)]
            moves = self.env["stock.picking"].union(*made).move_ids
            moves = moves.browse(moves.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            return moves

        def reserve(moves):
            self.service._assign(moves)
            self.env.cr.flush()  # with what a commit adds

        reserve(world(1))  # fills the registry's caches
        few = world(2)
        before = self.env.cr.sql_log_count
        reserve(few)
        statements = self.env.cr.sql_log_count - before
        many = world(30)
        with self.assertQueryCount(statements):
            reserve(many)
        self.assertEqual(set(many.mapped("state")), {"assigned"})
