import uuid

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import errors as pg_errors

from .common import WmsCase


@tagged("post_install", "-at_install")
class TestDoor(WmsCase):
    def setUp(self):
        super().setUp()
        self.stock("A-01", apple=10)
        self.picking = self.transfer(apple=4)

    def _reserved(self):
        return sum(self.picking.move_ids.mapped("quantity"))

    def _add(self, **args):
        return self.execute(self.envelope("move.add", **args), self.lead)

    # exactly once
    def test_applied_once_and_replayed(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        first = self.execute(envelope)
        self.assertEqual((first["status"], first["result"]["reserved"]), ("applied", "4"))
        again = self.execute(envelope)
        self.assertEqual(again["status"], "replayed")
        self.assertEqual(again["result"], first["result"])
        self.assertEqual(self._reserved(), 4)
        self.assertEqual(
            self.env["wms.command"].search_count([("cmd_id", "=", envelope["cmd_id"])]), 1
        )

    def test_additions_add_up(self):
        self.send("reserve.transfer", picking_id=self.picking.id)
        line = self.picking.move_line_ids
        line.quantity = 0
        for _scan in range(4):
            self.assertEqual(self._add(move_line_id=line.id, quantity="1")["status"], "applied")
        refused = self._add(move_line_id=line.id, quantity="1")
        self.assertEqual((refused["status"], refused["code"]), ("rejected", "above_demand"))
        self.assertEqual(line.quantity, 4)

    def test_refusal_is_stored_and_repeated(self):
        empty = self.transfer(pear=1)
        envelope = self.envelope("reserve.transfer", picking_id=empty.id)
        first = self.execute(envelope)
        self.assertEqual((first["status"], first["code"]), ("rejected", "nothing_reserved"))
        self.stock("A-02", pear=5)
        again = self.execute(envelope)
        self.assertEqual((again["status"], again["message"]), ("rejected", first["message"]))
        self.assertEqual(sum(empty.move_ids.mapped("quantity")), 0)

    def test_same_id_other_arguments(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        self.execute(envelope)
        other = dict(envelope, args={"picking_id": self.transfer(apple=1).id})
        with self.assertLogs("odoo.addons.inventory_wms.services.door", "WARNING"):
            answer = self.execute(other)
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "cmd_reused"))

    def test_same_id_other_user(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        self.execute(envelope)
        answer = self.execute(envelope, self.lead)
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "cmd_other_user"))

    # order of a device
    def test_gap_and_used_step(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        late = dict(envelope, cmd_id=str(uuid.uuid4()), seq=envelope["seq"] + 1)
        answer = self.execute(late)
        self.assertEqual((answer["status"], answer["result"]), ("gap", {"last_seq": 0}))
        self.assertEqual(self.execute(envelope)["status"], "applied")
        reused = dict(envelope, cmd_id=str(uuid.uuid4()))
        self.assertEqual(self.execute(reused)["code"], "seq_used")
        self.assertEqual(self.execute(late)["status"], "applied", "the gap is closed now")

    # who and what may
    def test_unknown_device_operation_and_user(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        self.assertEqual(self.execute(dict(envelope, device_id="nobody"))["code"], "unknown_device")
        self.device.active = False
        self.assertEqual(self.execute(envelope)["code"], "device_revoked")
        self.device.active = True
        stranger = new_test_user(self.env, "portal_only", groups="base.group_portal")
        self.assertEqual(self.execute(envelope, stranger)["code"], "not_allowed")
        self.assertEqual(self.send("no.such")["code"], "unknown_operation")
        self.assertEqual(self._reserved(), 0)

    def test_switched_off_device_still_gets_its_answers(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        self.execute(envelope)
        self.device.active = False
        self.assertEqual(self.execute(envelope)["status"], "replayed")
        next_one = self.envelope("reserve.transfer", picking_id=self.picking.id)
        self.assertEqual(self.execute(next_one)["code"], "device_revoked")

    def test_worker_may_not_touch_other_transfers(self):
        inward = self.picking.copy({"picking_type_id": self.warehouse.in_type_id.id})
        answer = self.send("reserve.transfer", picking_id=inward.id)
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "not_allowed"))
        answer = self.send("ship.confirm", picking_id=self.picking.id)
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "not_allowed"))
        answer = self.send("move.add", move_line_id=1, quantity="1")
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "not_allowed"))

    def test_defaults_of_the_caller_stay_out_of_the_record(self):
        context = {"default_quantity": 999, "default_server_ts": "2020-01-01 00:00:00"}
        door = self.env["wms.door"].with_user(self.lead).with_context(**context)
        door._execute_local("reserve.transfer", {"picking_id": self.picking.id})
        command = self.env["wms.command"].search([], limit=1)
        self.assertFalse(command.quantity)
        self.assertGreater(command.server_ts.year, 2020)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": warehouse.lot_stock_id.id,
            }
        )
        answer = self.send("reserve.transfer", picking_id=picking.id)
        self.assertEqual(answer["code"], "other_company")

    # malformed
    def test_bad_envelopes_change_nothing(self):
        good = self.envelope("reserve.transfer", picking_id=self.picking.id)
        bad = [
            None,
            [],
            "text",
            {},
            dict(good, cmd_id="7"),
            dict(good, cmd_id=None),
            dict(good, seq=0),
            dict(good, seq="1"),
            dict(good, seq=True),
            dict(good, op=""),
            dict(good, args=[1]),
            dict(good, extra=1),
            dict(good, device_id="a\x00b"),
            dict(good, device_id="\ud800"),
            dict(good, op="\udfff"),
            dict(good, client_ts="\ud800"),
        ]
        for raw in bad:
            with self.subTest(raw=raw):
                answer = self.execute(raw)
                self.assertEqual((answer["status"], answer["code"]), ("rejected", "malformed"))
                named = raw.get("cmd_id") if isinstance(raw, dict) else None
                self.assertEqual(answer["cmd_id"], named or "", "the sender knows it is its own")
        self.assertFalse(self.env["wms.command"].search([("device_id", "=", self.device.id)]))

    def test_what_the_database_cannot_hold_is_a_refused_step(self):
        """Stored without its arguments: a device must not hang on one strange scan for ever."""
        strange = [
            "\x00",
            "a\x00b",
            "\ud800",
            float("nan"),
            float("inf"),
            ["\x00"],
            {"\x00": 1},
            "x" * 10**6,
        ]
        for value in strange:
            for field in ("args", "expect"):
                envelope = self.envelope("move.add", move_line_id=1, quantity="1")
                envelope[field] = {"rev": value}
                with self.subTest(value=str(value)[:9], field=field):
                    answer = self.execute(envelope, self.lead)
                    self.assertEqual((answer["status"], answer["code"]), ("rejected", "malformed"))
                    again = self.execute(envelope, self.lead)
                    self.assertEqual(again["message"], answer["message"])
                    self.assertEqual(self.device.last_seq, envelope["seq"])
        deep = []
        for _level in range(20):
            deep = [deep]
        answer = self._add(move_line_id=1, quantity=deep)
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "malformed"))

    def test_bad_arguments_are_named(self):
        self.send("reserve.transfer", picking_id=self.picking.id)
        line = self.picking.move_line_ids
        cases = {
            "-1": "quantity_not_positive",
            "0": "quantity_not_positive",
            "1e30": "quantity_text",
            "1000000000000": "quantity_huge",
            "NaN": "quantity_text",
            "two": "quantity_text",
            "": "quantity_text",
            "0.00000001": "quantity_precision",
        }
        for value, code in cases.items():
            with self.subTest(value=value):
                answer = self._add(move_line_id=line.id, quantity=value)
                self.assertEqual((answer["status"], answer["code"]), ("rejected", code))
                self.assertTrue(answer["parts"]["next"], "says what to do next")
        for args in ({}, {"move_line_id": -1, "quantity": "1"}, {"move_line_id": "x"}):
            with self.subTest(args=args):
                self.assertEqual(self._add(**args)["code"], "malformed")
        missing = self._add(move_line_id=2**31 - 1, quantity="1")
        self.assertEqual(missing["code"], "not_found")
        self.assertEqual(line.quantity, 4)

    # the audit
    def test_commands_are_append_only(self):
        self.send("reserve.transfer", picking_id=self.picking.id)
        command = self.env["wms.command"].search([("device_id", "=", self.device.id)], limit=1)
        for statement in (
            "UPDATE wms_command SET message = 'x' WHERE id = %s",
            "DELETE FROM wms_command WHERE id = %s",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(pg_errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [command.id])
        with self.assertRaises(AccessError):
            command.with_user(self.worker).read(["op"])
        with self.assertRaises(AccessError):
            command.with_user(self.lead).write({"message": "x"})

    def test_status_tells_only_own_commands(self):
        envelope = self.envelope("reserve.transfer", picking_id=self.picking.id)
        self.execute(envelope)
        ids = [envelope["cmd_id"], str(uuid.uuid4())]
        command = self.env["wms.command"]
        answer = command.with_user(self.worker).sudo()._status_of(ids, self.device)
        self.assertEqual(answer["commands"][ids[0]]["status"], "replayed")
        self.assertEqual(answer["commands"][ids[1]]["status"], "unknown_cmd")
        self.assertEqual(answer["last_seq"], 1)
        other = command.with_user(self.lead).sudo()._status_of(ids, self.device)
        self.assertEqual(other["commands"][ids[0]]["status"], "unknown_cmd")

    # buttons
    def test_local_command(self):
        door = self.env["wms.door"].with_user(self.lead)
        result = door._execute_local("reserve.transfer", {"picking_id": self.picking.id})
        self.assertEqual(result["reserved"], "4")
        with self.assertRaisesRegex(UserError, "No stock"):
            door._execute_local("reserve.transfer", {"picking_id": self.transfer(pear=1).id})

    def test_command_costs_few_queries(self):
        envelope = self.envelope("no.such")
        self.execute(envelope)
        door = self.env["wms.door"].with_user(self.worker)
        with self.assertQueryCount(8):
            door._execute(self.envelope("no.such"))
