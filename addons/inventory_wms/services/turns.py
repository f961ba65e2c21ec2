"""Buttons that cost goods take turns per product, as commands of the door do.

Two validations of one product at the same moment need the same pool.  Without turns the
second one waits for the row, fails because its snapshot is older, sleeps and starts again,
up to five times; then a person sees an error.  With turns it waits before its snapshot.
"""

from odoo import api, models, modules
from odoo.tools import SQL

from . import locks
from .door import FRAMEWORK_TABLES

#: how long a button waits for its turn; a command of a device answers "busy" much sooner
WAIT_MS = 30_000


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    @api.model
    def _take_turn(self, products, warehouses=()):
        """Wait until nobody else costs these goods, then see the world anew.

        Does nothing where it would come too late: inside a command (which has its locks), in a
        request that has written already, in tests.  There the row locks below keep the books
        right, only slower.  Records stay usable; what was read is read again.

        :param products: ``product.product``; those not costed at the movement do not count
        :param warehouses: where they are; with a single one, many products need one lock
        """
        # sudo: whoever validates a transfer need not see every company's categories.
        costed = products.sudo()._wms_costed()
        if not costed or self._is_too_late():
            return
        self._take_turns(warehouses.ids if warehouses else [], costed.ids)

    @api.model
    def _take_transfer_turn(self, pickings):
        """The same for the goods of transfers, before a single record of them is read.

        What the transfers move is asked of the database alone: whatever records would read now
        they would read a second time after the turn.  So goods that Odoo costs itself take turns
        too, in companies that keep books.
        """
        if self._is_too_late():
            return
        warehouses, products = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT y.warehouse_id)
                           FILTER (WHERE y.warehouse_id IS NOT NULL),
                       array_agg(DISTINCT m.product_id)
                  FROM stock_move m
                  JOIN stock_picking p ON p.id = m.picking_id
                  JOIN stock_picking_type y ON y.id = p.picking_type_id
                  JOIN res_company c ON c.id = m.company_id
                  JOIN product_product v ON v.id = m.product_id
                  JOIN product_template t ON t.id = v.product_tmpl_id
                 WHERE p.id = ANY(%s) AND t.is_storable AND c.wms_stock_journal_id IS NOT NULL
                """,
                pickings.ids,
            )
        )[0]
        if products:
            self._take_turns(warehouses or [], products)

    def _take_turns(self, warehouses, products):
        warehouse = warehouses[0] if len(warehouses) == 1 else 0
        self._fresh_snapshot()
        self._take_locks(locks.rows(locks.LockKeys(warehouse, tuple(products))), WAIT_MS)
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
