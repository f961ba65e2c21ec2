from odoo.addons.wms_barcode.flows.base import wave_label
from odoo.tests import tagged

from .common import Phone, ScannerCase


@tagged("post_install", "-at_install")
class TestFlowPick(ScannerCase):
    def test_home_offers_the_next_wave(self):
        """Without a wave there is nothing to start; with one, the screen says what and where."""
        phone = Phone(self)
        state = phone.refresh()
        self.assertEqual(state["screen"], "home")
        self.assertFalse(state["next"])
        self.assertNotIn("start", state["accepts"])
        self.order(apple=3, pear=1)
        wave = self.wave()
        state = phone.refresh()
        self.assertIn(wave_label(self.env, wave), state["next"]["title"])
        self.assertEqual(sum(leg["stops"] for leg in state["next"]["legs"]), 2)
        self.assertEqual(state["accepts"]["start"]["op"], "task.claim")

    def test_a_whole_pick_without_a_browser(self):
        """Start, bin, pieces, next bin, pieces, ship: the stock has left, nothing is reserved."""
        phone = self.started(apple=2, plum=1)
        self.assertEqual(phone.state["screen"], "bin")
        self.assertEqual(phone.state["plate"]["code"], "A02-011-1")
        self.assertEqual(
            [part["text"] for part in phone.state["plate"]["parts"]], ["A02", "011", "1"]
        )
        self.assertEqual(phone.state["then"]["code"], "A10-004-1")
        phone.scan("A02-011-1")
        self.assertEqual(phone.state["screen"], "goods")
        self.assertEqual(phone.state["take"]["quantity"], "2")
        phone.scan("APPLE")
        self.assertEqual(phone.state["take"]["done"], "1")
        phone.scan("APPLE")
        self.assertEqual(
            (phone.state["screen"], phone.state["plate"]["code"]), ("bin", "A10-004-1")
        )
        self.assertFalse(phone.state["then"])
        phone.scan("A10-004-1")
        phone.scan("PLUM")
        self.assertEqual(phone.state["screen"], "ship")
        self.assertEqual(len(phone.state["orders"]), 1)
        phone.act("ship_all")
        self.assertEqual(phone.answer["status"], "applied", phone.answer["message"])
        self.assertEqual(phone.state["screen"], "home")
        quants = self.env["stock.quant"].search(
            [("location_id", "child_of", self.stock_location.id)]
        )
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 0)
        by_product = {quant.product_id.default_code: quant.quantity for quant in quants}
        self.assertEqual((by_product["APPLE"], by_product["PLUM"]), (8, 8))

    def test_check_digits_stand_for_the_label(self):
        phone = self.started(apple=1)
        digits = self.bin("A02-011-1").wms_check_digit
        self.assertTrue(digits, "a bin has check digits")
        phone.scan(digits)
        self.assertEqual(phone.state["screen"], "goods")

    def test_number_counts_with_the_next_scan(self):
        phone = self.at_bin(apple=6)
        phone.act("number", quantity="4")
        self.assertEqual(phone.state["take"]["each"], "4")
        phone.scan("APPLE")
        self.assertEqual(phone.state["take"]["done"], "4")
        self.assertEqual(phone.state["take"]["each"], "4")

    def test_one_slot_at_a_time(self):
        """Two orders want the same goods: each slot has its own number, in turn."""
        self.env["wms.cart"].create({"name": "C-1", "rows": 1, "columns": 4})
        self.order(apple=2)
        self.order(apple=3)
        self.wave()
        phone = Phone(self)
        phone.refresh()
        phone.act("start")
        phone.scan("A02-011-1")
        seen = []
        for _piece in range(5):
            take = phone.state["take"]
            seen.append((phone.state["slot"]["name"], take["quantity"], take["done"]))
            self.assertIn("5", take["here"])
            phone.scan("APPLE")
        self.assertEqual([slot for slot, _wanted, _done in seen], ["A1"] * 2 + ["A2"] * 3)
        self.assertEqual([wanted for _slot, wanted, _done in seen], ["2"] * 2 + ["3"] * 3)
        self.assertEqual([done for _slot, _wanted, done in seen], ["0", "1", "0", "1", "2"])
        self.assertEqual(phone.state["screen"], "ship")

    def test_short_goes_on_to_the_next_bin_with_the_goods(self):
        """Fewer are there than planned: the rest is looked for elsewhere at once."""
        self.place("A03-001-1", x=4.5, y=1.0)
        self.stock("A03-001-1", apple=5)
        phone = self.at_bin(apple=10)
        self.assertEqual(phone.state["at"], "A02-011-1")
        self.assertEqual(phone.state["short"]["elsewhere"][0]["bin"], "A03-001-1")
        phone.act("short", quantity="7", reason="fewer")
        self.assertEqual(phone.answer["status"], "applied", phone.answer["message"])
        self.assertEqual(
            (phone.state["screen"], phone.state["plate"]["code"]), ("bin", "A03-001-1")
        )
        phone.scan("A03-001-1")
        self.assertEqual(phone.state["take"]["quantity"], "3")

    def test_an_empty_bin_is_short_without_its_scan(self):
        """Nothing is there: said from the way, the stop ends and the wave goes on."""
        phone = self.started(apple=1, plum=1)
        self.assertTrue(phone.state["why"], "the stop says why it is this bin")
        phone.act("short", quantity="0", reason="bin_empty")
        self.assertEqual(phone.answer["status"], "applied", phone.answer["message"])
        self.assertEqual(phone.state["plate"]["code"], "A10-004-1")

    def test_the_way_back_home_and_on_again(self):
        phone = self.started(apple=1)
        phone.act("back")
        self.assertEqual(phone.state["screen"], "home")
        self.assertIn("Continue", phone.state["go"]["word"])
        phone.act("start")
        self.assertEqual(phone.state["screen"], "bin")

    def test_a_reloaded_page_opens_the_wave_in_hand(self):
        phone = self.started(apple=1)
        fresh = Phone(self)
        self.assertEqual(fresh.refresh()["screen"], "bin")
        self.assertEqual(fresh.state["task_id"], phone.state["task_id"])

    def test_scanning_a_wave_starts_it(self):
        self.order(apple=1)
        wave = self.wave()
        phone = Phone(self)
        phone.refresh()
        phone.scan(wave.name)
        self.assertEqual(phone.state["screen"], "bin")

    def test_the_map_knows_the_aisles_and_the_way(self):
        phone = self.started(apple=1, plum=1)
        hall = phone.state["maps"]["hall"]
        self.assertEqual([aisle["name"] for aisle in hall["aisles"]], ["A02", "A10"])
        self.assertEqual(hall["bin"], {"x": 3.0, "y": 5.0})
        self.assertEqual(phone.state["maps"]["rack"]["levels"], ["1", "2"])
        phone.scan("A02-011-1")
        phone.scan("APPLE")
        self.assertEqual(phone.state["way"]["turn"], "right")

    def test_a_bin_without_coordinates_has_no_map(self):
        self.stock("PLAIN", fig=2)
        phone = self.started(fig=1)
        self.assertIsNone(phone.state["maps"])
        self.assertEqual(phone.state["plate"]["parts"][0]["text"], "PLAIN")

    def test_no_state_tells_a_cost(self):
        """Neither cost nor price is in anything a worker is sent."""
        self.product("apple").write({"standard_price": 7341.5, "list_price": 9127.25})
        phone = self.at_bin(apple=1)
        phone.scan("APPLE")
        for text in (str(phone.state), str(phone.answers)):
            self.assertNotIn("7341", text)
            self.assertNotIn("9127", text)

    def test_the_number_of_queries_does_not_grow_with_the_wave(self):
        """A screen costs the same for a wave of 2 stops and of 12."""
        names = [f"fruit{index}" for index in range(12)]
        for index, name in enumerate(names):
            self.stock(f"B0{index // 4}-00{index % 4}-1", **{name: 5})

        def queries(**quantities):
            phone = self.started(**quantities)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            phone.refresh()
            count = self.env.cr.sql_log_count - before
            phone.send({"op": "task.release", "args": {"batch_id": phone.inputs["wave_id"]}})
            self.env["stock.picking.batch"].browse(phone.inputs["wave_id"]).action_cancel()
            return count

        few = queries(**dict.fromkeys(names[:2], 1))
        many = queries(**dict.fromkeys(names[2:], 1))
        self.assertLessEqual(many, few + 2)
