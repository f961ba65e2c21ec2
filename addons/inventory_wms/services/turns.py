"""Buttons that cost goods take turns per product, as commands of the door do.

Two validations of one product at the same moment need the same pool.  Without turns the
second one waits for the row, fails because its snapshot is older, sleeps and starts again,
up to five times; then a person sees an error.  With turns it waits before its snapshot.
"""

from odoo import api, models, modules

from . import locks
from .door import FRAMEWORK_TABLES

#: how long a button waits for its turn; a command of a device answers "busy" much sooner
WAIT_MS = 30_000


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    @api.model
    def _take_turn(self, moves):
        """Wait until nobody else costs the goods of these moves, then see the world anew.

        Does nothing where it would come too late: inside a command (which has its locks), in a
        request that has written already, in tests.  There the row locks below keep the books
        right, only slower.  Records stay usable; what was read is read again.

        :param moves: ``stock.move``
        """
        # sudo: whoever validates a transfer need not see every company's categories.
        products = moves.sudo()._wms_costed().product_id
        if not products or self._is_too_late():
            return
        warehouses = moves.sudo().warehouse_id | moves.sudo().picking_type_id.warehouse_id
        keys = locks.LockKeys(
            warehouses.id if len(warehouses) == 1 else 0, tuple(sorted(products.ids))
        )
        self._fresh_snapshot()
        self._take_locks(locks.rows(keys), WAIT_MS)
        self.env.invalidate_all()

    def _is_too_late(self):
        if modules.module.current_test or self.env.context.get("wms_command_id"):
            return True
        if self.env.transaction.field_dirty or self.env.cr.precommit or self.env.cr.postcommit:
            return True
        self.env.cr.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        if not self.env.cr.fetchone()[0]:
            return False
        written = self._written_tables()
        return not written or bool(written - FRAMEWORK_TABLES)
