"""The command service with real transactions side by side, which one test transaction can't show.

Every client has a connection and a thread of its own and commits, as in a server; what is written
is removed afterwards. The same under load, with faults and kills: `./wms attack`.
"""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo.addons.inventory_wms.services import locks
from odoo.addons.inventory_wms.services.transfer import WmsTransfer
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import errors as pg_errors

from tests.parallel import ParallelCase, World

CLIENTS = 8
_REMOVE = """
ALTER TABLE wms_command DISABLE TRIGGER wms_command_append_only;
DELETE FROM wms_command WHERE (args->>'picking_id')::int = ANY(%(pickings)s);
ALTER TABLE wms_command ENABLE TRIGGER wms_command_append_only;
DELETE FROM stock_move_line WHERE product_id = %(product)s;
DELETE FROM stock_move WHERE product_id = %(product)s;
DELETE FROM stock_picking WHERE id = ANY(%(pickings)s);
DELETE FROM stock_quant WHERE product_id = %(product)s;
UPDATE product_product SET active = false, default_code = NULL, barcode = NULL
 WHERE id = %(product)s;
UPDATE wms_device SET active = false WHERE id = ANY(%(devices)s);
UPDATE stock_location SET active = false, barcode = NULL WHERE id = %(bin)s;
UPDATE res_users SET active = false, login = login || id WHERE id = %(worker)s;
"""


@tagged("post_install", "-at_install")
class TestDoorParallel(ParallelCase):
    REMOVE = _REMOVE

    def _build(self, env):
        World.stock("PARALLEL", parallel=10)
        first = World.transfer(parallel=1)
        others = env["stock.picking"].union(*(first.copy() for _client in range(2 * CLIENTS - 1)))
        others.action_confirm()
        pickings = [first.id, *others.ids]
        devices = env["wms.device"].create([{"name": f"Parallel {n}"} for n in range(CLIENTS)])
        groups = "base.group_portal,inventory_wms.group_worker"
        self.ids = {
            "product": World.product("parallel").id,
            "bin": World.bin("PARALLEL").id,
            "worker": new_test_user(env, f"parallel_{uuid.uuid4().hex}", groups=groups).id,
            "devices": devices.ids,
            "pickings": pickings,
        }
        self.uids = devices.mapped("uid")

    def _envelope(self, client=0, seq=1, picking=0):
        return {
            "cmd_id": str(uuid.uuid4()),
            "device_id": self.uids[client],
            "seq": seq,
            "op": "reserve.transfer",
            "args": {"picking_id": self.ids["pickings"][picking]},
        }

    def _send(self, envelope):
        with self._env(self.ids["worker"]) as env:
            return env["wms.door"]._execute(envelope)

    def _send_together(self, envelopes):
        return self._together(self._send, envelopes)

    def _reserved(self):
        with self._env() as env:
            pickings = env["stock.picking"].browse(self.ids["pickings"])
            return sum(pickings.move_ids.mapped("quantity"))

    def assertSound(self):
        super().assertSound()
        with self._env() as env:
            env.cr.execute(
                """
                SELECT classid, objid FROM pg_locks
                 WHERE locktype = 'advisory' AND classid::bigint BETWEEN 1464685312 AND 1464685567
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """
            )
            self.assertFalse(env.cr.fetchall(), "locks were left behind")

    def test_same_command_at_once(self):
        answers = self._send_together([self._envelope()] * CLIENTS)
        told = sorted(answer["status"] for answer in answers)
        self.assertEqual(told, ["applied"] + ["replayed"] * (CLIENTS - 1))
        self.assertEqual(self._reserved(), 1)
        self.assertSound()

    def test_ten_units_are_promised_ten_times(self):
        answers = []
        for seq in (1, 2):
            wanted = [
                self._envelope(client, seq, picking=client + CLIENTS * (seq - 1))
                for client in range(CLIENTS)
            ]
            answers += self._send_together(wanted)
        told = [answer["status"] for answer in answers]
        self.assertEqual((told.count("applied"), told.count("rejected")), (10, 6), answers)
        self.assertEqual(self._reserved(), 10)
        self.assertSound()

    def test_reservations_in_bulk_at_once(self):
        """Eight transactions want all transfers, without the door's locks: ours and core's."""
        barrier = threading.Barrier(CLIENTS)

        def reserve(number):
            chosen = self.ids["pickings"][number:] + self.ids["pickings"][:number]
            with self._env() as env:
                moves = env["stock.picking"].browse(chosen).move_ids
                ours = env["wms.reservation"]._assign
                moves._action_assign() if number % 4 == 3 else ours(moves)

        def insist(number):
            barrier.wait()
            for _try in range(4 * CLIENTS):
                try:
                    reserve(number)
                except pg_errors.SerializationFailure:  # somebody was faster
                    continue
                return True
            return False

        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(CLIENTS) as pool:
            done = list(pool.map(insist, range(CLIENTS)))
        self.assertTrue(all(done), done)
        self.assertEqual(self._reserved(), 10)
        self.assertSound()

    def test_two_commands_claim_one_step(self):
        answers = self._send_together([self._envelope(picking=n) for n in range(CLIENTS)])
        told = [(answer["status"], answer["code"]) for answer in answers]
        self.assertEqual(told.count(("rejected", "seq_used")), CLIENTS - 1, told)
        self.assertEqual(self._reserved(), 1)
        self.assertSound()

    def test_busy_is_not_stored_and_leaves_no_lock(self):
        envelope = self._envelope()
        with patch.object(locks, "WAIT_MS", 200), self._env() as other:
            other.cr.execute("SELECT pg_advisory_lock(%s, %s)", [0x574D5305, self.ids["product"]])
            answer = self._send(envelope)
            other.cr.execute("SELECT pg_advisory_unlock_all()")
        self.assertEqual((answer["cmd_id"], answer["status"]), (envelope["cmd_id"], "busy"))
        self.assertEqual(self._reserved(), 0)
        self.assertSound()
        self.assertEqual(self._send(envelope)["status"], "applied")
        self.assertSound()

    def test_row_held_by_another_flow_is_busy_too(self):
        envelope = self._envelope()
        with patch.object(locks, "WAIT_MS", 200), self._env() as other:
            query = "SELECT id FROM stock_quant WHERE product_id = %s FOR UPDATE"
            other.cr.execute(query, [self.ids["product"]])
            with mute_logger("odoo.sql_db"):
                self.assertEqual(self._send(envelope)["status"], "busy")
        self.assertSound()
        self.assertEqual(self._send(envelope)["status"], "applied")

    def test_accident_in_a_handler_leaves_nothing(self):
        envelope = self._envelope()
        with (
            patch.object(WmsTransfer, "_op_reserve", side_effect=ZeroDivisionError),
            self.assertRaises(ZeroDivisionError),
        ):
            self._send(envelope)
        self.assertSound()
        self.assertEqual(self._send(envelope)["status"], "applied")
        self.assertEqual(self._reserved(), 1)

    def test_button_after_the_framework_has_written(self):
        """Once an hour Odoo logs the browser in the request's own transaction."""
        with self._env() as env:
            env.cr.execute(
                "INSERT INTO res_device_log (session_identifier, user_id, first_activity,"
                " last_activity, revoked) VALUES ('parallel', 1, now(), now(), true)"
            )
            args = {"picking_id": self.ids["pickings"][0]}
            result = env["wms.door"]._execute_local("reserve.transfer", args)
            self.assertEqual(result["reserved"], "1")
        self.assertSound()
        with self._env() as env:
            env.cr.execute("DELETE FROM res_device_log WHERE session_identifier = 'parallel'")
            self.assertEqual(env.cr.rowcount, 1, "the framework's own write is kept")

    def test_button_refuses_to_drop_the_callers_work(self):
        with self._env() as env:
            env["res.partner"].browse(1).write({"comment": "unsaved"})
            env.flush_all()
            with self.assertRaises(RuntimeError):
                args = {"picking_id": self.ids["pickings"][0]}
                env["wms.door"]._execute_local("reserve.transfer", args)
            env.cr.rollback()
        self.assertSound()
