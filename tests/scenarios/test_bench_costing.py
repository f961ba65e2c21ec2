"""The costing bench's parts inside Odoo: a copied past that is sound, documents = engine."""

import sys
from pathlib import Path

from odoo.addons.inventory_wms.tests.valuation_common import BooksCase
from odoo.tests import tagged

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.invariants import check, explain  # noqa: E402 (needs the path above)
from tools.benches import costing_events, engines  # noqa: E402
from tools.benches.data import events  # noqa: E402
from tools.benches.ledger import documents, history, measure  # noqa: E402
from tools.benches.ledger.world import World  # noqa: E402

MEMORIES = ROOT / "tests" / "fixtures" / "costing"


@tagged("post_install", "-at_install")
class TestCostingBench(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        engines.importable()
        cls.world = World(cls.env)

    def assertSound(self):
        self.flush_postings()
        self.env.flush_all()
        self.assertFalse(any(check(self.env.cr).values()), explain(self.env.cr))

    def test_a_copied_past_is_sound_and_goes_on(self):
        """Rows made by SQL hold every invariant, and so does what happens after them."""
        for method in self.world.methods:
            goods = self.world.goods(method, [f"{method} past"])
            history.grow(self.world, goods, method, history.half_open(method, 20))
            self.assertSound()
            self.assertEqual(len(self.layers(goods)), 10)
            self.assertEqual(self.owned(goods), 100)
            self.world.transfer(goods, 12, None)._action_done()
            self.world.transfer(goods, 3, 7.77)._action_done()
            self.assertSound()

    def test_a_past_of_many_products(self):
        goods = self.world.goods("fifo", ["one", "two", "three"])
        history.grow(self.world, goods, "fifo", history.ten_open("fifo", 30))
        self.assertSound()
        for product in goods:
            self.assertEqual(self.layers(product), [(10, 100)] * 10)

    def test_what_is_measured(self):
        found = measure.flat(self.env, [20], rounds=1)
        self.assertFalse(found["violations"], found["broken"])
        for method in self.world.methods:
            for run in found["cases"][method]["20"].values():
                self.assertLess(0, run["queries"])
                self.assertLess(run["queries"], run["queries_with_posting"])
                self.assertLessEqual(run["queries_with_posting"], 210)
        found = measure.report(self.env, products=6, moves=30)
        self.assertFalse(found["violations"], found["broken"])
        self.assertEqual(found["now"]["value"], 6000)
        self.assertLess(0, found["past"]["value"])
        for when in ("now", "past"):
            self.assertLessEqual(found[when]["queries"], 50)

    def test_documents_say_what_the_engine_says(self):
        for name in ("e1_coursehero", "thirds"):
            read = events.read(MEMORIES / f"{name}.csv")[f"{name}.csv"]
            rows = [[event.incoming, str(event.qty), str(event.cost or 0)] for event in read]
            documents.be_exact(self.env, {name: rows})
            found = documents.work(self.world, name, rows)
            engine = {name: costing_events.figures(read)}
            self.assertEqual(documents.compare(engine, {name: found}), {})
        self.assertSound()
