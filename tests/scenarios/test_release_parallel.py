"""Rush orders and scheduled waves with real transactions side by side.

Every client has a connection of its own and commits, as in a server; what is written is removed
afterwards.
"""

import uuid

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from tests.parallel import ParallelCase, World

CLIENTS = 6
FREE_SLOTS = 2
_REMOVE = """
ALTER TABLE wms_command DISABLE TRIGGER wms_command_append_only;
DELETE FROM wms_command WHERE user_id = ANY(%(users)s) OR op = 'wave.run_template';
ALTER TABLE wms_command ENABLE TRIGGER wms_command_append_only;
DELETE FROM stock_move_line WHERE product_id = %(product)s;
DELETE FROM stock_move WHERE product_id = %(product)s;
DELETE FROM wms_wave_template WHERE id = %(template)s;
DELETE FROM wms_task WHERE product_id = %(product)s;
UPDATE stock_picking SET batch_id = NULL WHERE id = ANY(%(pickings)s);
DELETE FROM stock_picking WHERE id = ANY(%(pickings)s);
DELETE FROM stock_picking_batch WHERE wms_cart_id = %(cart)s;
DELETE FROM wms_cart WHERE id = %(cart)s;
DELETE FROM stock_quant WHERE product_id = %(product)s;
UPDATE product_product SET active = false, default_code = NULL, barcode = NULL
 WHERE id = %(product)s;
UPDATE wms_device SET active = false WHERE id = ANY(%(devices)s);
UPDATE stock_location SET active = false, barcode = NULL WHERE id = %(bin)s;
UPDATE res_users SET active = false, login = login || id WHERE id = ANY(%(users)s);
"""


@tagged("post_install", "-at_install")
class TestReleaseParallel(ParallelCase):
    REMOVE = _REMOVE

    def _build(self, env):
        World.stock("RUSH", rush=50)
        first = World.transfer(rush=1)
        pickings = first.union(*(first.copy() for _client in range(CLIENTS)))
        pickings.action_confirm()
        cart = env["wms.cart"].create({"name": "Rush", "rows": 1, "columns": 1 + FREE_SLOTS})
        every_day = dict.fromkeys(("saturday", "sunday"), True)
        template = env["wms.wave.template"].create(
            {"name": "Rush", "warehouse_id": World.warehouse.id, "cart_id": cart.id, **every_day}
        )
        devices = env["wms.device"].create([{"name": f"Rush {n}"} for n in range(CLIENTS)])
        lead = new_test_user(env, f"rush_{uuid.uuid4().hex}", groups="inventory_wms.group_lead")
        self.ids = {
            "product": World.product("rush").id,
            "bin": World.bin("RUSH").id,
            "users": lead.ids,
            "devices": devices.ids,
            "pickings": sorted(pickings.ids),
            "cart": cart.id,
            "template": template.id,
        }
        self.uids = devices.mapped("uid")

    def test_two_free_slots_take_two_of_six_orders(self):
        first, *others = self.ids["pickings"]
        with self._env() as env:
            args = {"picking_ids": [first], "cart_id": self.ids["cart"]}
            result = env["wms.door"]._execute_local("wave.release", args)
        (wave,) = result["waves"]

        def rush(number):
            envelope = {
                "cmd_id": str(uuid.uuid4()),
                "device_id": self.uids[number],
                "seq": 1,
                "op": "wave.add_order",
                "args": {"batch_id": wave["batch_id"], "picking_id": others[number]},
            }
            for _try in range(CLIENTS):
                with self._env(self.ids["users"][0]) as env:
                    answer = env["wms.door"]._execute(envelope)
                if answer["status"] != "busy":
                    break
            return answer["code"]

        codes = sorted(self._together(rush, range(CLIENTS)))
        self.assertEqual(codes, ["cart_full"] * (CLIENTS - FREE_SLOTS) + ["done"] * FREE_SLOTS)
        with self._env() as env:
            batch = env["stock.picking.batch"].browse(wave["batch_id"])
            slots = batch.picking_ids.mapped("wms_cart_slot")
            self.assertEqual(sorted(slots), ["A1", "A2", "A3"])
            self.assertEqual(batch.wms_task_ids.demand, 1 + FREE_SLOTS)
            pickings = env["stock.picking"].browse(self.ids["pickings"])
            self.assertEqual(sum(pickings.move_ids.mapped("quantity")), 1 + FREE_SLOTS)
        self.assertSound()

    def test_six_clockworks_release_a_slot_once(self):
        slot = fields.Datetime.to_string(fields.Datetime.now().replace(microsecond=0))
        args = {"template_id": self.ids["template"], "slot": slot}

        def run(_number):
            with self._env() as env:
                try:
                    env["wms.door"]._execute_local("wave.run_template", args)
                except UserError as error:
                    env.cr.rollback()
                    return str(error)
            return "done"

        with mute_logger("odoo.sql_db"):
            told = self._together(run, range(CLIENTS))
        self.assertEqual(told.count("done"), 1, told)
        with self._env() as env:
            template = env["wms.wave.template"].browse(self.ids["template"])
            self.assertEqual(len(template.run_ids), 1)
            mine = template.run_ids.batch_ids.picking_ids.filtered(
                lambda picking: picking.id in self.ids["pickings"]
            )
            self.assertEqual(len(mine), len(self.ids["pickings"]))
        self.assertSound()
