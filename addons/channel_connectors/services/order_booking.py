"""From channel orders to confirmed sales orders, in small committed steps.

A step takes up to :data:`CHUNK` orders: customers, sales orders and confirmation are one bulk
call each.  When a step fails, its orders are tried one by one, each in its own savepoint, so
that one bad order becomes a problem for people and the others go on.  A step commits; after a
crash the remaining orders are still ``ready`` and the worker goes on with them.
"""

import logging
import time
from datetime import datetime
from datetime import time as clock

from odoo import api, fields, models
from odoo.addons.inventory_wms.messages import parts
from odoo.exceptions import UserError
from odoo.fields import Command
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

CHUNK = 20
SECONDS = 60  # of one request; the rest is worked off in the background
AT_ONCE = 500  # orders; a larger import is worked off in the background from the start


class ChannelOrderBooking(models.AbstractModel):
    _name = "channel.order.booking"
    _description = "Booking of channel orders"

    @api.model
    def _work(self, item):
        """Book the item's orders for at most :data:`SECONDS`, the rest in the background."""
        count = item._order_counts().get((item.id, "ready"), 0)
        end = time.monotonic() + (SECONDS if count <= AT_ONCE else 0)
        while time.monotonic() < end:
            if not self._step(item):
                break
            self._commit()
        if item.state == "confirmed":
            self.env.ref("channel_connectors.channel_inbox_cron")._trigger()

    @api.model
    def _cron_work(self):
        """Go on with what was confirmed and not finished: large files, and after a crash."""
        cron = self.env["ir.cron"]
        inbox = self.env["channel.inbox"]
        domain = [("state", "=", "confirmed"), ("account_id.muted", "=", False)]
        for item in inbox.search(domain, order="id"):
            while item.state == "confirmed":
                done = self._step(item)
                left = self.env["channel.order"].search_count([("state", "=", "ready")])
                if not cron._commit_progress(done, remaining=left) or not done:
                    break

    def _commit(self):
        """Keep what is booked: a crash later must not undo it, and locks are let go."""
        self.env["ir.cron"]._commit_progress()

    def _step(self, item):
        """Book the next orders of an item.

        :return: how many orders were taken; 0: the item is finished, or another worker has
            the channel
        """
        account = item.account_id
        orders = self.env["channel.order"].search(
            [("inbox_id", "=", item.id), ("state", "=", "ready")], order="id", limit=CHUNK
        )
        # one worker per channel; the write makes one with an older snapshot start again
        if not account.try_lock_for_update(allow_referencing=True):
            return 0
        account.last_import = fields.Datetime.now()
        if orders:
            booking = self._in_company(account)
            if not booking._try(orders):
                for order in orders:
                    booking._try_one(order)
        self._close(item)
        return len(orders)

    def _close(self, item):
        counts = item._order_counts()
        if counts.get((item.id, "ready")):
            return
        created, failed = counts.get((item.id, "done"), 0), counts.get((item.id, "failed"), 0)
        text = self.env._("Orders created: %(created)s.", created=created)
        if failed:
            text += " " + self.env._("Failed: %(failed)s; see the problems.", failed=failed)
        item.write({"state": "failed" if failed else "done", "message": text})

    def _in_company(self, account):
        return self.with_company(account.company_id).with_context(
            allowed_company_ids=account.company_id.ids,
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )

    def _try(self, orders):
        """Book orders together; nothing is left of them when that fails."""
        try:
            with self.env.cr.savepoint():
                self._book(orders.with_env(self.env))
        except OperationalError:
            raise  # somebody else was faster: the whole request starts again
        except Exception as error:  # noqa: BLE001 - a bad order must not stop the others
            _logger.info("a step of %s channel orders is tried one by one: %s", len(orders), error)
            return False
        return True

    def _try_one(self, order):
        try:
            with self.env.cr.savepoint():
                self._book(order.with_env(self.env))
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a problem for people
            _logger.warning("channel order %s failed", order.order_ref, exc_info=True)
            self._park(order, error)

    def _park(self, order, error):
        text = str(error) if isinstance(error, UserError) else type(error).__name__
        order.write({"state": "failed", "error": text[:500], "attempts": order.attempts + 1})
        facts = {"order_ref": order.order_ref, "text": text[:500]}
        words = parts(self.env, "order_failed", facts)
        self.env["channel.problem"].create(
            {
                "account_id": order.account_id.id,
                "company_id": order.company_id.id,
                "inbox_id": order.inbox_id.id,
                "order_id": order.id,
                "order_ref": order.order_ref,
                "code": "order_failed",
                "what": f"{words['title']} {words['detail']}",
                "next_step": words["next"],
            }
        )

    def _retry(self, item):
        """Put the failed orders of an item back to work."""
        item._check_state("failed")
        failed = item.order_ids.filtered(lambda order: order.state == "failed")
        solved = self.env["channel.problem"].search([("order_id", "in", failed.ids)])
        solved.write({"state": "solved"})
        failed.write({"state": "ready", "error": False})
        item.write({"state": "confirmed", "attempts": item.attempts + 1})
        self._work(item)

    # -- sales orders

    def _book(self, orders):
        """Create and confirm the sales orders of channel orders of one account."""
        account = orders.account_id
        customers = self.env["channel.order.lookup"]._customers(
            account, set(orders.mapped("customer"))
        )
        sales = self.env["sale.order"].create(
            [self._sale_values(order, customers[order.customer]) for order in orders]
        )
        sales.action_confirm()
        for order, sale in zip(orders, sales, strict=True):
            order.sale_order_id = sale
        orders.write({"state": "done", "error": False})

    def _sale_values(self, order, partner_id):
        """Values of one sales order; prices are the file's, whatever the price list says."""
        account = order.account_id
        return {
            "partner_id": partner_id,
            "company_id": account.company_id.id,
            "warehouse_id": account.warehouse_id.id,
            "user_id": account.user_id.id,
            "pricelist_id": False,  # the file's prices are in the company's currency
            "client_order_ref": order.order_ref,
            "date_order": self._noon(order.date_order),
            "commitment_date": self._noon(order.ship_by) if order.ship_by else False,
            "carrier_id": order.carrier_id.id,
            "channel_order_id": order.id,
            "channel_account_id": account.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_qty": line.quantity,
                        "price_unit": line.unit_price,
                        "discount": 0,
                    }
                )
                for line in order.line_ids
            ],
        }

    def _noon(self, day):
        """Noon in UTC: the same day for everybody between UTC-12 and UTC+11."""
        return datetime.combine(day, clock(12))
