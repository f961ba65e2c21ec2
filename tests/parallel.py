"""What tests with transactions side by side share: connections that commit, and the clean-up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, modules
from odoo.addons.inventory_wms.tests.common import WmsCase
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name

from tests.invariants import check, explain


class World(WmsCase):
    """Only the builders of `WmsCase`, on a cursor that commits."""

    __test__ = False


class ParallelCase(BaseCase):
    """Every client has a connection of its own and commits, as in a server.

    ``REMOVE``: SQL that takes away what was written, with ``ids`` as its parameters.
    """

    REMOVE = ""

    def setUp(self):
        super().setUp()
        off = patch.object(modules.module, "current_test", None)  # it switches the locks off
        off.start()
        self.addCleanup(off.stop)
        with self._env() as env:
            World.env = env
            World.warehouse = env["stock.warehouse"].search(
                [("company_id", "=", env.company.id)], limit=1
            )
            World.stock_location = World.warehouse.lot_stock_id
            self._build(env)
            del World.env
        self.addCleanup(self._remove)

    def _build(self, env):
        """Make goods, people and transfers by ``World``; set ``ids``."""
        raise NotImplementedError

    def _remove(self):
        with self._env() as env:
            env.cr.execute(self.REMOVE, self.ids)

    @contextmanager
    def _env(self, uid=SUPERUSER_ID):
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, uid, {})

    def _together(self, work, things):
        """Call ``work`` with each of the things at the same moment; the answers in their order."""
        things = list(things)
        barrier = threading.Barrier(len(things))

        def one(thing):
            barrier.wait()
            return work(thing)

        with ThreadPoolExecutor(len(things)) as pool:
            return list(pool.map(one, things))

    def assertSound(self):
        with self._env() as env:
            self.assertFalse(any(check(env.cr).values()), explain(env.cr))
