"""The reservation bench's warehouse: sound from the beginning, reserved alike by ours and core."""

import sys
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.invariants import check, explain  # noqa: E402 (needs the path above)
from tools.benches.wave import measure, world  # noqa: E402

SIZES = {"bins": 60, "products": 20, "quants": 150, "pickings": 12, "lines": 3}


@tagged("post_install", "-at_install")
class TestReservationBench(TransactionCase):
    def built(self, mixed):
        builder = world._Builder(self.env, world.Sizes(**SIZES, mixed=mixed))
        builder.run()
        return self.env["stock.picking"].browse(builder.pickings).move_ids

    def assertSound(self):
        self.env.flush_all()
        self.assertFalse(any(check(self.env.cr).values()), explain(self.env.cr))

    def tried(self, moves, act):
        savepoint = self.env.cr.savepoint()
        act(moves)
        self.assertSound()
        facts = measure._facts(self.env, moves)
        savepoint.close(rollback=True)
        return facts

    def test_plain_and_mixed(self):
        for mixed in (False, True):
            with self.subTest(mixed=mixed):
                savepoint = self.env.cr.savepoint()
                moves = self.built(mixed)
                self.assertSound()
                self.assertEqual(len(moves), 36)
                core, ours = self.tried(moves, measure._core), self.tried(moves, measure._ours)
                self.assertEqual(measure._differences(core, ours), [])
                self.assertTrue(core["quants"])
                states = {state for state, _quantity in core["moves"].values()}
                self.assertEqual("partially_available" in states, mixed)
                savepoint.close(rollback=True)

    def test_a_difference_is_found(self):
        moves = self.built(mixed=False)
        core = self.tried(moves, measure._core)
        less = self.tried(moves, lambda moves: measure._ours(moves[1:]))
        found = measure._differences(core, less)
        self.assertTrue(any(text.startswith("moves") for text in found), found)
        self.assertTrue(any(text.startswith("quants") for text in found), found)
