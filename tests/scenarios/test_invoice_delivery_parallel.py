"""An invoice and a delivery of the same goods, in real transactions side by side."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.addons.inventory_wms.engine.cost_layers import ZERO
from odoo.addons.inventory_wms.services.valuation_numbers import Numbers
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

_REMOVE = "DELETE FROM wms_cost_total WHERE product_id = %s"


@tagged("post_install", "-at_install")
class TestInvoiceDeliveryParallel(BaseCase):
    """What both do first, on the plain pool of a product that commits leave behind them."""

    def setUp(self):
        super().setUp()
        registry = Registry(get_db_name())
        for model, name, value in (
            ("product.product", "_wms_costed", lambda goods: goods),
            ("wms.valuation", "_account", lambda *_args, **_kwargs: True),  # one is set
        ):
            patched = patch.object(registry[model], name, value)
            patched.start()
            self.addCleanup(patched.stop)
        with self._env() as env:
            self.product = env["product.product"].create({"name": "Side by side"}).id
        self.addCleanup(self._remove)

    def _remove(self):
        with self._env() as env:
            env.cr.execute(_REMOVE, (self.product,))
            env["product.product"].browse(self.product).unlink()

    @contextmanager
    def _env(self):
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _invoice(self, env):
        product = env["product.product"].browse(self.product)
        env["wms.valuation"]._notice_deliveries(product, Numbers.of(env))

    def _deliver(self, env):
        """As costing a move does it; the real one writes the pool as well."""
        service = env["wms.valuation"]
        pool = service._plain_pool(env["product.product"].browse(self.product))
        books = service._open_books(Numbers.of(env), {pool: (ZERO, ())})
        service._write_books(books, Numbers.of(env), {})

    def _side_by_side(self, first, second):
        """The second begins before the first commits, and must not go on with what it read."""
        with self._env() as late:
            late.cr.execute("SELECT count(*) FROM wms_cost_total")
            with self._env() as early:
                first(early)
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                second(late)
            late.cr.rollback()
            second(late)  # as Odoo runs it again

    def test_whichever_comes_second_begins_anew(self):
        self._side_by_side(self._invoice, self._deliver)  # the pool is made by the first
        self._side_by_side(self._invoice, self._deliver)
        self._side_by_side(self._deliver, self._invoice)
        self._side_by_side(self._invoice, self._invoice)
