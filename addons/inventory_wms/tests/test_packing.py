from odoo.tests import new_test_user, tagged

from .packing_case import PackingCase


@tagged("post_install", "-at_install")
class TestPackOpen(PackingCase):
    def test_contents_and_first_box(self):
        picking = self.picked(apple=3, pear=1)
        result = self.assertApplied(self.pack("open", code=picking.name))
        self.assertEqual(result["picking_id"], picking.id)
        self.assertEqual(self.contents(result), {"APPLE": ("3", "0"), "PEAR": ("1", "0")})
        self.assertEqual([box["number"] for box in result["boxes"]], [1])
        self.assertEqual(result["missing"], ["3 Units of [APPLE] Apple", "1 Units of [PEAR] Pear"])

    def test_every_code_of_an_order(self):
        picking = self.picked(apple=1)
        picking.origin = "SO-4711"
        wave = picking.batch_id
        wave.wms_cart_id = self.env["wms.cart"].create({"name": "CART-1"})
        picking.wms_cart_slot = "B2"
        tote = self.env["stock.package"].create({"name": "TOTE-9"})
        picking.move_line_ids.result_package_id = tote
        for code in (picking.name, "SO-4711", wave.name, "CART-1-B2", "CART-1/B2", "TOTE-9"):
            result = self.assertApplied(self.pack("open", code=code))
            self.assertEqual(result["picking_id"], picking.id, code)

    def test_a_wave_gives_its_orders_one_after_the_other(self):
        first, second = self.order(apple=1), self.order(pear=1)
        wave = self.wave()
        self.send("task.claim")
        for task in wave.wms_task_ids:
            self.scan(task, task.product_id.barcode)
        names = []
        for _round in range(2):
            result = self.assertApplied(self.pack("open", code=wave.name))
            picking = self.env["stock.picking"].browse(result["picking_id"])
            names.append(picking)
            self.put(picking, picking.move_ids.product_id.barcode)
            self.assertApplied(self.pack("close_box", picking))
            self.assertApplied(self.pack("finish", picking))
        self.assertEqual(set(names), {first, second})
        self.assertEqual(wave.state, "done")
        self.assertRefused(self.pack("open", code=wave.name), "already_shipped")

    def test_what_cannot_be_opened(self):
        self.assertRefused(self.pack("open", code="NO-SUCH"), "pack_unknown")
        self.assertRefused(self.pack("open"), "malformed")
        self.assertRefused(self.pack("open", picking_id=2**30), "not_found")
        waiting = self.order(apple=2)
        self.assertRefused(self.pack("open", code=waiting.name), "pack_not_ready")
        self.wave()
        self.assertRefused(self.pack("open", code=waiting.name), "pack_not_picked")
        held = self.picked(plum=1)
        held.wms_hold = True
        self.assertRefused(self.pack("open", code=held.name), "pack_on_hold")
        loose = self.order(pear=1)
        loose.action_assign()
        self.assertRefused(self.pack("open", code=loose.name), "not_allowed")
        self.assertApplied(self.pack("open", code=loose.name, user=self.lead))

    def test_other_company(self):
        picking = self.picked(apple=1)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", "base.group_portal,inventory_wms.group_worker",
            company_id=company.id, company_ids=[(6, 0, company.ids)],
        )  # fmt: skip
        device = self.env["wms.device"].create({"name": "There", "company_id": company.id})
        answer = self.pack("open", code=picking.name, user=stranger, device=device)
        self.assertRefused(answer, "pack_unknown")
        answer = self.pack("open", picking, user=stranger, device=device)
        self.assertRefused(answer, "other_company")

    def test_another_station_goes_on_with_it(self):
        picking = self.opened(apple=3)
        self.put(picking, "APPLE", "2")
        other = self.env["wms.device"].create({"name": "Second station"})
        scan = {"barcode": "APPLE", "quantity": "1"}
        self.assertRefused(self.pack("scan_item", picking, self.lead, other, **scan), "pack_taken")
        result = self.assertApplied(self.pack("open", None, self.lead, other, code=picking.name))
        self.assertEqual(self.contents(result), {"APPLE": ("3", "2")})
        self.assertApplied(self.pack("scan_item", picking, self.lead, other, **scan))
        self.assertRefused(self.pack("scan_item", picking, **scan), "pack_taken")
        self.assertApplied(self.pack("close_box", picking, self.lead, other))
        self.assertApplied(self.pack("finish", picking, self.lead, other))
        self.assertEqual(picking.state, "done")


@tagged("post_install", "-at_install")
class TestPackScan(PackingCase):
    def test_a_scan_counts_once(self):
        picking = self.opened(apple=3)
        envelope = self.envelope("pack.scan_item", picking_id=picking.id, barcode="APPLE")
        envelope.update(device_id=self.station.uid, seq=self.station.last_seq + 1)
        first = self.execute(envelope)
        self.assertEqual(first["status"], "applied")
        before = self.state_of(picking)
        again = self.execute(envelope)
        self.assertEqual((again["status"], again["result"]), ("replayed", first["result"]))
        self.assertEqual(self.state_of(picking), before)
        self.assertEqual(self.contents(again["result"]), {"APPLE": ("3", "1")})

    def test_refusals_change_nothing(self):
        picking = self.opened(apple=2, pear=1)
        self.put(picking, "APPLE")
        before = self.state_of(picking)
        for args, code in (
            ({"barcode": "PLUM"}, "pack_other_order"),
            ({"barcode": "NOBODY"}, "unknown_barcode"),
            ({"barcode": "APPLE", "quantity": "2"}, "pack_too_many"),
            ({"barcode": "APPLE", "quantity": "0.001"}, "quantity_step"),
            ({"barcode": "APPLE", "quantity": "-1"}, "quantity_not_positive"),
        ):
            self.assertRefused(self.pack("scan_item", picking, **args), code)
        self.assertEqual(self.state_of(picking), before)

    def test_packaging_code(self):
        six = self.env["uom.uom"].create(
            {
                "name": "Pack of 6",
                "relative_factor": 6,
                "relative_uom_id": self.product("plum").uom_id.id,
            }
        )
        self.env["product.uom"].create(
            {"product_id": self.product("plum").id, "uom_id": six.id, "barcode": "PLUM6"}
        )
        picking = self.opened(plum=8)
        self.assertEqual(self.contents(self.put(picking, "PLUM6")), {"PLUM": ("8", "6")})
        self.assertRefused(self.pack("scan_item", picking, barcode="PLUM6"), "pack_too_many")

    def test_order_must_be_open_here(self):
        picking = self.picked(apple=1)
        self.assertRefused(self.pack("scan_item", picking, barcode="APPLE"), "pack_not_open")
        self.assertRefused(self.pack("finish", picking), "pack_not_open")

    def test_serials_are_asked_and_checked(self):
        product = self.product("clock")
        product.write({"tracking": "serial", "weight": 0.5})
        lots = self.env["stock.lot"].create(
            [{"name": f"SN-{n}", "product_id": product.id} for n in (1, 2, 3)]
        )
        for lot in lots:
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": product.id,
                    "location_id": self.bin("A-04-1").id,
                    "lot_id": lot.id,
                    "inventory_quantity": 1,
                }
            ).action_apply_inventory()
        picking = self.order(clock=2)
        wave = self.wave()
        self.send("task.claim")
        for task in wave.wms_task_ids:
            self.assertApplied(self.scan(task, task.lot_id.name))
        self.assertApplied(self.pack("open", code=picking.name))
        taken = picking.move_line_ids.lot_id
        stranger = (lots - taken).name
        one, two = taken.mapped("name")

        def scan(**args):
            return self.pack("scan_item", picking, **args)

        self.assertRefused(scan(barcode="CLOCK"), "pack_lot_needed")
        self.assertRefused(scan(barcode="CLOCK", lot=stranger), "pack_wrong_lot")
        self.assertRefused(scan(barcode=stranger), "pack_other_order")
        self.assertApplied(scan(barcode="CLOCK", lot=one))
        self.assertRefused(scan(barcode="CLOCK", lot=one), "pack_serial_twice")
        self.assertRefused(scan(barcode=two, quantity="2"), "pack_serial_one")
        self.assertApplied(scan(barcode=two))
        self.assertApplied(self.pack("close_box", picking, package_type_id=self.small.id))
        self.assertApplied(self.pack("finish", picking))
        self.assertEqual(set(picking.move_line_ids.lot_id.mapped("name")), {one, two})

    def test_a_scan_asks_few_questions(self):
        picking = self.opened(apple=9, pear=5, plum=7)
        self.put(picking, "APPLE")
        self.put(picking, "PLUM")
        self.env.invalidate_all()
        envelope = self.envelope("pack.scan_item", picking_id=picking.id, barcode="APPLE")
        envelope.update(device_id=self.station.uid, seq=self.station.last_seq + 1)
        with self.assertQueryCount(45):
            self.assertEqual(self.execute(envelope)["status"], "applied")

    def test_undo_goes_back_step_by_step(self):
        picking = self.opened(apple=2)
        self.assertRefused(self.pack("undo", picking), "pack_nothing_to_undo")
        self.put(picking, "APPLE")
        self.put(picking, "APPLE")
        self.assertApplied(self.pack("close_box", picking))
        self.assertApplied(self.pack("next_box", picking))
        result = self.assertApplied(self.pack("undo", picking))
        self.assertEqual(result["undone"], {"kind": "box", "box": 1})
        self.assertEqual([(box["number"], box["state"]) for box in result["boxes"]], [(1, "open")])
        result = self.assertApplied(self.pack("undo", picking))
        self.assertEqual(self.contents(result), {"APPLE": ("2", "1")})
        self.assertEqual(result["undone"]["kind"], "item")


@tagged("post_install", "-at_install")
class TestPackBoxes(PackingCase):
    def close(self, picking, weight=None, **args):
        if weight is not None:
            args["weight"] = str(weight)
        return self.pack("close_box", picking, **args)

    def test_the_box_before_an_empty_one_is_closed(self):
        picking = self.opened(apple=2)
        self.put(picking, "APPLE", "2")
        self.assertApplied(self.pack("next_box", picking))
        result = self.assertApplied(self.close(picking))
        self.assertEqual(
            [(box["number"], box["state"]) for box in result["boxes"]],
            [(1, "closed"), (2, "open")],
        )
        self.assertRefused(self.close(picking), "pack_box_empty")

    def test_expected_weight_and_proposed_type(self):
        picking = self.opened(apple=2)
        self.assertRefused(self.close(picking), "pack_box_empty")
        self.put(picking, "APPLE", "2")
        result = self.assertApplied(self.close(picking, 520))  # 100 g of box, 400 g of apples
        (box,) = result["boxes"]
        self.assertEqual((box["type"], box["weight"]), ("Small", "520"))
        self.assertEqual((box["expected_weight"], result["current"]), ("500", None))

    def test_weight_that_is_off_needs_a_lead(self):
        self.env.company.write({"wms_pack_tolerance_g": 20, "wms_pack_tolerance_pct": 3})
        picking = self.opened(apple=2)
        self.put(picking, "APPLE", "2")
        before = self.state_of(picking)
        answer = self.close(picking, 700)
        self.assertRefused(answer, "pack_weight_off")
        self.assertIn("measured 700 g, expected 500 g", answer["message"])
        self.assertRefused(self.close(picking, 479), "pack_weight_off")
        self.assertRefused(self.close(picking, 700, accept=True), "not_allowed")
        self.assertEqual(self.state_of(picking), before)
        self.assertApplied(self.pack("open", code=picking.name, user=self.lead))
        self.assertApplied(self.close(picking, 700, accept=True, user=self.lead))
        self.assertEqual(picking.wms_pack_box_ids.accepted_by_id, self.lead)

    def test_percent_counts_when_it_is_more(self):
        self.env.company.write({"wms_pack_tolerance_g": 20, "wms_pack_tolerance_pct": 10})
        picking = self.opened(apple=2)
        self.put(picking, "APPLE", "2")
        self.assertRefused(self.close(picking, 551), "pack_weight_off")
        self.assertApplied(self.close(picking, 550))

    def test_every_box_is_weighed_where_that_is_set(self):
        self.env.company.wms_pack_weigh = True
        picking = self.opened(apple=1)
        self.put(picking, "APPLE")
        self.assertRefused(self.close(picking), "pack_weight_needed")
        self.assertApplied(self.close(picking, 300))

    def test_unknown_weight_is_not_checked(self):
        self.product("apple").weight = 0
        picking = self.opened(apple=1)
        self.put(picking, "APPLE")
        (box,) = self.assertApplied(self.close(picking, 1234))["boxes"]
        self.assertEqual((box["weight"], box["expected_weight"]), ("1234", "0"))

    def test_too_heavy_for_the_box(self):
        picking = self.opened(pear=6)
        self.put(picking, "PEAR", "6")  # 2.1 kg
        small = {"package_type_id": self.small.id}
        self.assertRefused(self.close(picking, **small), "pack_too_heavy")
        self.assertApplied(self.close(picking, package_type_id=self.large.id))

    def test_type_must_be_known_or_named(self):
        picking = self.opened(apple=1)
        self.put(picking, "APPLE")
        tote = self.env["stock.package.type"].create({"name": "Tote", "package_use": "reusable"})
        self.assertRefused(self.close(picking, package_type_id=tote.id), "not_found")
        self.product("apple").write({"wms_length": 900, "wms_width": 900, "wms_height": 900})
        self.assertRefused(self.close(picking), "pack_type_needed")
        self.assertApplied(self.close(picking, package_type_id=self.large.id))


@tagged("post_install", "-at_install")
class TestPackFinish(PackingCase):
    def test_two_boxes_become_packages(self):
        picking = self.opened(apple=3, pear=1)
        self.assertRefused(self.pack("finish", picking), "pack_nothing")
        self.put(picking, "APPLE", "2")
        self.assertApplied(self.pack("close_box", picking, weight="510"))
        self.put(picking, "APPLE")
        self.put(picking, "PEAR")
        self.assertRefused(self.pack("finish", picking), "pack_box_open")
        self.assertApplied(self.pack("close_box", picking, package_type_id=self.large.id))
        result = self.assertApplied(self.pack("finish", picking))
        self.assertEqual(picking.state, "done")
        self.assertEqual([(one["box"], one["of"]) for one in result["packages"]], [(1, 2), (2, 2)])
        packed = {
            (
                line.result_package_id.package_type_id.name,
                line.product_id.default_code,
            ): line.quantity
            for line in picking.move_line_ids
        }
        self.assertEqual(
            packed, {("Small", "APPLE"): 2, ("Large", "APPLE"): 1, ("Large", "PEAR"): 1}
        )
        weights = picking.wms_pack_box_ids.package_id.mapped("shipping_weight")
        self.assertEqual([round(weight, 3) for weight in weights], [0.51, 0.95])
        self.assertEqual(picking.move_ids.wms_command_id.op, "pack.finish")
        self.assertEqual(picking.move_ids.wms_user_id, self.worker)
        self.assertEqual(self.reserved("apple") + self.reserved("pear"), 0)
        self.assertEqual(picking.batch_id.state, "done")
        self.assertRefused(self.pack("finish", picking), "already_shipped")

    def test_missing_goods_wait_only_on_purpose(self):
        picking = self.opened(apple=3, pear=1)
        self.put(picking, "APPLE", "2")
        self.assertApplied(self.pack("close_box", picking))
        before = self.state_of(picking)
        answer = self.pack("finish", picking)
        self.assertRefused(answer, "pack_missing")
        self.assertIn("1 Units of [APPLE] Apple, 1 Units of [PEAR] Pear", answer["message"])
        self.assertEqual(self.state_of(picking), before)
        result = self.assertApplied(self.pack("finish", picking, partial=True))
        (backorder,) = self.env["stock.picking"].browse(
            [entry["picking_id"] for entry in result["backorders"]]
        )
        left = {m.product_id.default_code: m.product_uom_qty for m in backorder.move_ids}
        self.assertEqual(left, {"APPLE": 1, "PEAR": 1})
        self.assertEqual(sum(picking.move_line_ids.mapped("quantity")), 2)
        self.assertFalse(backorder.wms_packer_id)

    def test_an_order_that_waits_for_its_rest_is_the_leads(self):
        picking = self.opened(apple=3)
        picking.picking_type_id.wms_short_policy = "wait"
        self.put(picking, "APPLE", "2")
        self.assertApplied(self.pack("close_box", picking))
        before = self.state_of(picking)
        self.assertRefused(self.pack("finish", picking, partial=True), "pack_waits")
        self.assertEqual(self.state_of(picking), before)
        self.assertApplied(self.pack("open", code=picking.name, user=self.lead))
        self.assertApplied(self.pack("finish", picking, user=self.lead, partial=True))
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.backorder_ids.move_ids.product_uom_qty, 1)

    def test_finish_counts_once(self):
        picking = self.opened(apple=1)
        self.put(picking, "APPLE")
        self.assertApplied(self.pack("close_box", picking))
        envelope = self.envelope("pack.finish", picking_id=picking.id)
        envelope.update(device_id=self.station.uid, seq=self.station.last_seq + 1)
        first, again = self.execute(envelope), self.execute(envelope)
        self.assertEqual((first["status"], again["status"]), ("applied", "replayed"))
        self.assertEqual(first["result"], again["result"])
        self.assertEqual(len(picking.wms_pack_box_ids.package_id), 1)

    def test_sscc_of_the_company(self):
        self.env.company.wms_gs1_prefix = "4012345"
        picking = self.opened(apple=1)
        self.put(picking, "APPLE")
        self.assertApplied(self.pack("close_box", picking))
        (package,) = self.assertApplied(self.pack("finish", picking))["packages"]
        self.assertRegex(package["name"], r"^04012345\d{10}$")
        self.assertTrue(self.env["stock.package"].browse(package["package_id"]).valid_sscc)

    def test_an_empty_box_is_dropped(self):
        picking = self.opened(apple=1)
        self.put(picking, "APPLE")
        self.assertApplied(self.pack("close_box", picking))
        self.assertApplied(self.pack("next_box", picking))
        self.assertRefused(self.pack("next_box", picking), "pack_box_empty")
        (package,) = self.assertApplied(self.pack("finish", picking))["packages"]
        self.assertEqual((package["box"], package["of"]), (1, 1))

    def test_goods_without_waves(self):
        """A lead packs a plain delivery: lines are split by box all the same."""
        picking = self.order(apple=5)
        picking.action_assign()

        def lead(verb, **args):
            return self.assertApplied(self.pack(verb, picking, user=self.lead, **args))

        lead("open")
        lead("scan_item", barcode="APPLE", quantity="3")
        lead("next_box")
        lead("scan_item", barcode="APPLE", quantity="1")
        lead("close_box")
        lead("close_box")
        lead("finish", partial=True)
        self.assertEqual(sorted(picking.move_line_ids.mapped("quantity")), [1, 3])
        self.assertEqual(picking.backorder_ids.move_ids.product_uom_qty, 1)
        self.assertEqual(self.reserved("apple"), 0)


@tagged("post_install", "-at_install")
class TestCartons(PackingCase):
    def text(self, **quantities):
        picking = self.order(**quantities)
        picking.action_assign()
        return picking.wms_boxes_text

    def test_before_packing_on_the_transfer(self):
        self.assertEqual(self.text(apple=2), "Small")
        self.assertEqual(self.text(apple=30), "Large")

    def test_missing_sizes_are_a_cube_and_said_so(self):
        apple = self.product("apple")
        apple.write({"wms_height": 0, "volume": 0.01})  # 10 litres
        self.assertEqual(self.env["wms.cartons"]._sides(apple), ((216, 216, 216), False))
        self.assertEqual(self.text(apple=1), "Large (sizes guessed: [APPLE] Apple)")

    def test_what_fits_nowhere_is_named(self):
        self.product("apple").wms_length = 2000
        self.assertEqual(self.text(apple=1, pear=1), "Small; no box for [APPLE] Apple")

    def test_sizes_of_the_template_are_its_only_variants(self):
        template = self.product("apple").product_tmpl_id
        template.write({"wms_length": 11, "wms_upright": True})
        self.assertEqual((self.product("apple").wms_length, template.wms_width), (11, 80))
        self.assertTrue(self.product("apple").wms_upright)

    def test_weights_in_pounds(self):
        self.env["ir.config_parameter"].set_param("product.weight_in_lbs", "1")
        self.assertAlmostEqual(self.env["wms.cartons"]._grams(1), 453.592, 2)
        self.assertAlmostEqual(self.env["wms.cartons"]._from_grams(907.185), 2, 4)
