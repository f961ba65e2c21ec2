"""Buttons take turns per product: real transactions side by side, as two people at two desks."""

import threading
import uuid
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, modules
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

_HELD = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND pid = pg_backend_pid()
"""


@tagged("post_install", "-at_install")
class TestTurnsParallel(BaseCase):
    def setUp(self):
        super().setUp()
        products = Registry(get_db_name())["product.product"]
        for target, name, value in (
            (modules.module, "current_test", None),  # it switches the locks off
            (products, "_wms_costed", lambda goods: goods),  # no books needed for a turn
        ):
            patched = patch.object(target, name, value)
            patched.start()
            self.addCleanup(patched.stop)
        with self._env() as env:
            self.product = env["product.product"].create({"name": "Turn"}).id
        self.addCleanup(self._remove)

    def _remove(self):
        with self._env() as env:
            env["product.product"].browse(self.product).unlink()

    @contextmanager
    def _env(self):
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _turn(self, env):
        product = env["product.product"].browse(self.product)
        env["wms.door"]._take_turn(product)
        return product

    def _held(self, env):
        env.cr.execute(_HELD)
        return env.cr.fetchone()[0]

    def test_the_second_waits_and_sees_what_the_first_did(self):
        begun, seen = threading.Event(), []
        code = uuid.uuid4().hex

        def second():
            with self._env() as env:
                seen.append(env["product.product"].browse(self.product).default_code)
                begun.set()  # its snapshot is older than the other's commit
                seen.append(self._turn(env).default_code)

        with self._env() as env:
            product = self._turn(env)
            self.assertTrue(self._held(env))
            other = threading.Thread(target=second)
            other.start()
            self.assertTrue(begun.wait(10))
            product.default_code = code
            other.join(0.5)
            self.assertTrue(other.is_alive(), "it should wait for its turn")
            self.assertEqual(seen, [False])
            env.cr.commit()
            other.join(10)
            self.assertEqual(seen, [False, code])
            self.assertFalse(self._held(env))

    def test_a_turn_ends_with_a_rollback(self):
        with self._env() as env:
            self._turn(env)
            self.assertTrue(self._held(env))
            env.cr.rollback()
            self.assertFalse(self._held(env))

    def test_whoever_has_written_goes_on_without_a_turn(self):
        """A turn begins a new transaction, so it must never cost what was written before."""
        with self._env() as env:
            product = env["product.product"].browse(self.product)
            product.default_code = "kept"
            self._turn(env)  # not flushed yet
            env.flush_all()
            self._turn(env)  # flushed
            self.assertFalse(self._held(env))
            self.assertEqual(product.default_code, "kept")
            env.cr.rollback()

    def test_a_command_has_its_locks_already(self):
        with self._env() as env:
            self._turn(env(context={"wms_command_id": 1}))
            self.assertFalse(self._held(env))
