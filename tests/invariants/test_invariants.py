"""Each invariant must be able to fail: sound data passes, one planted fault is found and named."""

import time

from odoo import sql_db
from odoo.addons.inventory_wms.tests.common import WmsCase
from odoo.tests import tagged

from tests.invariants import check, checks, explain
from tests.invariants.mixin import InvariantsMixin

_COPY_COMMAND = """
INSERT INTO wms_command (cmd_id, device_id, seq, op, digest, status, answer, user_id, company_id,
                         server_ts)
SELECT {cmd_id}, device_id, {seq}, op, digest, status, answer, user_id, company_id, server_ts
  FROM wms_command WHERE id = %(command)s
"""
_NO_LAW = """
ALTER TABLE wms_command DROP CONSTRAINT wms_command_cmd_id_uniq;
DROP INDEX wms_command_device_seq_uniq;
"""

# code -> SQL that breaks exactly this, with quant, lone (unreserved quant), move, command, entry
PLANTS = {
    "I1": "UPDATE stock_quant SET quantity = quantity + 1 WHERE id = %(quant)s",
    "I2": "UPDATE stock_quant SET reserved_quantity = reserved_quantity - 1 WHERE id = %(quant)s",
    "I3": "UPDATE stock_quant SET reserved_quantity = 99 WHERE id = %(quant)s",
    "I4": "UPDATE stock_quant SET quantity = -1 WHERE id = %(lone)s",
    "I5": """
        INSERT INTO stock_quant (product_id, location_id, company_id, quantity, reserved_quantity,
                                 in_date)
        SELECT product_id, location_id, company_id, 0, 0, in_date FROM stock_quant
         WHERE id = %(lone)s
    """,
    "I6": "UPDATE account_move_line SET debit = debit + 1 WHERE id = %(entry)s",
    "I7": "UPDATE stock_move SET quantity = quantity + 1 WHERE id = %(move)s",
    "I8": "UPDATE stock_move SET value = value + 5 WHERE id = %(sale)s",
    "C1": _NO_LAW
    + _COPY_COMMAND.format(cmd_id="cmd_id", seq="last + 1").replace(
        "last", "(SELECT max(seq) FROM wms_command WHERE device_id = %(device)s)"
    ),
    "C2": _NO_LAW + _COPY_COMMAND.format(cmd_id="'double'", seq="seq"),
    "C3": _COPY_COMMAND.format(cmd_id="'late'", seq="77"),
    "C4": "UPDATE stock_move SET wms_command_id = %(refused)s WHERE id = %(move)s",
    "C5": """
        ALTER TABLE wms_command DISABLE TRIGGER wms_command_append_only;
        UPDATE wms_command SET status = 'running' WHERE id = %(command)s;
    """,
}


@tagged("post_install", "-at_install")
class TestInvariants(InvariantsMixin, WmsCase):
    def setUp(self):
        super().setUp()
        category = self.env["product.category"].create(
            {"name": "First in, first out", "property_cost_method": "fifo"}
        )
        self.product("apple").write({"categ_id": category.id, "standard_price": 2})
        self.stock("A-01", apple=10)
        self.stock("A-02", pear=3)
        shipped = self.transfer(apple=4)
        shipped.action_assign()
        shipped.button_validate()
        waiting = self.transfer(apple=2)
        self.send("reserve.transfer", picking_id=waiting.id)
        self.send("no.such")
        applied, refused = self.env["wms.command"].search(
            [("device_id", "=", self.device.id)], order="seq"
        )
        self.facts = {
            "quant": self._quant("apple", "A-01").id,
            "lone": self._quant("pear", "A-02").id,
            "move": shipped.move_ids.id,
            "sale": shipped.move_ids.id,
            "command": applied.id,
            "refused": refused.id,
            "device": self.device.id,
            "entry": self._entry().line_ids[0].id,
        }
        self.env.flush_all()

    def _quant(self, product, code):
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product(product).id),
                ("location_id", "=", self.bin(code).id),
            ]
        )

    def _entry(self):
        accounts = self.env["account.account"].search([("account_type", "=like", "expense%")])
        journal = self.env["account.journal"].search([("type", "=", "general")], limit=1)
        lines = [(0, 0, {"account_id": accounts[:1].id, "debit": 7})]
        lines += [(0, 0, {"account_id": accounts[:1].id, "credit": 7})]
        entry = self.env["account.move"].create({"journal_id": journal.id, "line_ids": lines})
        entry.action_post()
        return entry

    def test_every_invariant_is_checked(self):
        found = check(self.env.cr)
        self.assertEqual(set(found), {item.code for item in checks() if item.applies(self.env.cr)})
        self.assertGreaterEqual(set(found), {*PLANTS, "C6"})
        self.assertFalse(any(found.values()), explain(self.env.cr))

    def test_planted_faults_are_found(self):
        for code, plant in PLANTS.items():
            savepoint = self.env.cr.savepoint(flush=False)
            with self.subTest(code):
                self.env.cr.execute(plant, self.facts)
                self.assertEqual(check(self.env.cr)[code], 1)
                self.assertTrue([line for line in explain(self.env.cr) if line.startswith(code)])
            savepoint.rollback()
            savepoint.close(rollback=True)

    def test_words_name_product_and_bin(self):
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.cr.execute(PLANTS["I3"], self.facts)
        (line,) = [line for line in explain(self.env.cr) if line.startswith("I3")]
        self.assertIn("APPLE in WH/Stock/A-01: 99 reserved of 6", line)
        savepoint.close(rollback=True)

    def test_many_faults_are_cut(self):
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.cr.execute(
            """
            INSERT INTO stock_quant (product_id, location_id, quantity, reserved_quantity, in_date)
            SELECT product_id, %s, -n, 0, in_date FROM stock_quant, generate_series(1, 30) AS n
             WHERE id = %s
            """,
            [self.bin("A-03").id, self.facts["lone"]],
        )
        self.env.cr.execute(
            "UPDATE stock_quant SET owner_id = p.id FROM (SELECT id, row_number() OVER () AS n"
            " FROM res_partner) p WHERE p.n = -quantity AND location_id = %s",
            [self.bin("A-03").id],
        )
        self.assertGreater(check(self.env.cr)["I1"], 0)
        self.assertLessEqual(len([x for x in explain(self.env.cr) if x.startswith("I1")]), 21)
        savepoint.close(rollback=True)

    def test_lock_left_behind_is_found(self):
        with sql_db.db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_advisory_lock(%s, 4711)", [0x574D5305])
            other.commit()
            time.sleep(1.2)
            self.assertEqual(check(self.env.cr)["C6"], 1)
            other.execute("SELECT pg_advisory_unlock_all()")
        self.assertEqual(check(self.env.cr)["C6"], 0)
