"""Files of orders: store, look, and on the user's yes turn them into channel orders.

Nothing but the received item exists before the yes.  Looking again is always safe: every
decision is made anew from the stored file and the facts of the moment, and identity (the
file's hash, the order reference, the row) makes each row count once.

The services run with the rights of the system: their callers (``channel.account._checked`` and
the buttons of received items) check role and company first.
"""

import base64
import hashlib
from dataclasses import dataclass

from odoo import models
from odoo.addons.inventory_wms.messages import sentence
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from ..engine.order_file import BadRow, FileRefused, Options, OrderFile, parse
from ..engine.order_plan import Plan, digest, plan

SHOWN_PROBLEMS = 200  # in the answer and on the preview
STORED_PROBLEMS = 1000


@dataclass(frozen=True)
class Analysis:
    """A file against the facts of the moment: what it would change, and every bad row."""

    file: OrderFile
    plan: Plan
    bad: tuple[BadRow, ...]
    product_ids: dict
    carrier_ids: dict


class ChannelOrderIntake(models.AbstractModel):
    _name = "channel.order.intake"
    _description = "Intake of orders"

    def _receive_file(self, account, data, payload):
        """Store a file once per channel and look at it.

        :param account: channel.account
        :param bytes data: the file
        :param dict payload: ``filename``, ``encoding``, ``whole_orders``
        :return: channel.inbox in state ready, rejected or done, and its :class:`Analysis`
        """
        sha256 = hashlib.sha256(data).hexdigest()
        item = account.inbox_ids.search(
            [("account_id", "=", account.id), ("external_id", "=", f"file:{sha256}")]
        )
        same_file = bool(item)
        if not item:
            item = item.create(
                {
                    "name": payload["filename"] or "orders.csv",
                    "account_id": account.id,
                    "external_id": f"file:{sha256}",
                    "sha256": sha256,
                    "content": base64.b64encode(data),
                }
            )
        item.payload = payload
        return item, self._examine(item, same_file)

    def _examine(self, item, same_file=True):
        """Look at a stored file again and write down what it would change.

        :return: its :class:`Analysis`; None when it is being imported or can't be read
        """
        if item.state == "confirmed":
            return None
        try:
            analysis = self._analyse(item)
        except FileRefused as refused:
            self._reject(item, refused)
            return None
        self._write_preview(item, analysis, same_file)
        return analysis

    def _confirm(self, item):
        """Create the channel orders of an item and start to book them.

        Safe to repeat: what is known already is left alone.

        :raises UserError: nothing to confirm, or another import brought the same orders
        """
        item._check_state("ready")
        self._carry_out(item, self._examine(item))

    def _carry_out(self, item, analysis):
        """List the bad rows for people, create the good orders and start to book them."""
        if analysis:
            self._write_problems(item, analysis.bad)
        if item.state == "ready":
            self._stage_once(item, analysis)
            count = len(analysis.plan.new)
            text = self.env._("Orders being created: %(count)s.", count=count)
            item.write({"state": "confirmed", "message": text, "attempts": item.attempts + 1})
        if item.state == "confirmed":  # now, or left over from a crash
            self.env["channel.order.booking"]._work(item)

    # -- looking

    def _analyse(self, item):
        """Compare the stored file with articles, carriers and known orders; changes nothing.

        :raises FileRefused: it can't be read as rows
        """
        account = item.account_id
        options = Options(
            encoding=item.payload["encoding"],
            quantity_decimals=self.env["decimal.precision"].precision_get("Product Unit"),
        )
        file = parse(base64.b64decode(item.content or b""), options)
        lookup = self.env["channel.order.lookup"]
        products = lookup._products(account, {row.sku for row in file.good})
        carriers = lookup._carriers(account, {row.carrier for row in file.good if row.carrier})
        good, unknown = lookup._split(file.good, products, carriers)
        bad = file.bad + tuple(unknown)
        known = self._known_rows(account, {row.order_ref for row in good})
        found = plan(good, bad, known, item.payload.get("whole_orders", True))
        bad = tuple(sorted(bad + found.changed, key=lambda row: row.row))
        return Analysis(file, found, bad, products, carriers)

    def _known_rows(self, account, order_refs):
        """Per order reference the fingerprints of the rows imported before."""
        if not order_refs:
            return {}
        # SQL: up to 100,000 rows of three columns; records would cost seconds.
        self.env["channel.order.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT order_ref, sku, line_no, digest FROM channel_order_line
                   WHERE account_id = %s AND order_ref = ANY(%s)""",
                account.id,
                list(order_refs),
            )
        )
        known = {}
        for order_ref, sku, line_no, mark in rows:
            known.setdefault(order_ref, {})[sku, line_no] = mark
        return known

    def _reject(self, item, refused):
        text = sentence(self.env, refused.code, refused.params)
        item.write(
            {
                "state": "rejected",
                "error_code": refused.code,
                "error": text,
                "message": text,
                "preview": {"problems": [], "more_problems": 0},
            }
        )
        self._write_problems(item, [], {"code": refused.code, "what": text})

    def _write_preview(self, item, analysis, same_file):
        found, file = analysis.plan, analysis.file
        problems = list(self._problem_values(item, analysis.bad))
        counts = {
            "same_file": same_file,
            "rows": file.rows,
            "good_rows": file.rows - len(analysis.bad),
            "bad_rows": len(analysis.bad),
            "orders": len({row.order_ref for row in file.good}),
            "new_orders": len(found.new),
            "new_lines": sum(len(order.rows) for order in found.new),
            "known_orders": found.known_orders,
            "known_rows": found.known_rows,
            "held_rows": len(found.held),
            "changed_rows": len(found.changed),
        }
        shown = [
            {
                "row": values["row_number"],
                "column": values["column"],
                "code": values["code"],
                "order_ref": values["order_ref"],
                "what": values["what"],
                "next": values["next_step"],
            }
            for values in problems[:SHOWN_PROBLEMS]
        ]
        more = max(len(problems) - SHOWN_PROBLEMS, 0)
        state = "ready" if found.new else "rejected"
        if not found.new and found.known_rows:
            state = "failed" if "failed" in item.order_ids.mapped("state") else "done"
        item.write(
            {
                "state": state,
                "error_code": False,
                "error": False,
                "preview": {**counts, "problems": shown, "more_problems": more},
                "message": self._say(counts),
            }
        )

    def _say(self, counts):
        """The preview in a few words."""
        _ = self.env._
        if counts["new_orders"]:
            first = _("New orders waiting for your yes: %(new_orders)s (lines: %(new_lines)s).")
        elif counts["known_rows"]:
            first = _("Nothing new: these rows were imported before.")
        else:
            first = _("No row of this file can be imported.")
        further = {
            "known_rows": _("Rows imported before, left as they are: %(known_rows)s."),
            "bad_rows": _("Rows to correct: %(bad_rows)s."),
            "held_rows": _("Good rows waiting for a corrected row of their order: %(held_rows)s."),
        }
        parts = [first, *(text for name, text in further.items() if counts[name])]
        return " ".join(parts) % counts

    # -- writing

    def _stage_once(self, item, analysis):
        """Let the database decide when two imports bring the same order at the same moment."""
        try:
            with self.env.cr.savepoint():
                self._stage(item, analysis)
        except UniqueViolation:
            facts = {"account": item.account_id.name}
            raise UserError(sentence(self.env, "import_running", facts)) from None

    def _stage(self, item, analysis):
        """Create the channel orders and their lines: two inserts, whatever the file's size."""
        account = item.account_id
        base = {"account_id": account.id, "company_id": account.company_id.id}
        planned = analysis.plan.new
        orders = self.env["channel.order"].create(
            [
                {
                    **base,
                    "inbox_id": item.id,
                    "order_ref": order.order_ref,
                    "date_order": order.date,
                    "customer": order.customer,
                    "ship_by": order.ship_by,
                    "carrier": order.carrier,
                    "carrier_id": analysis.carrier_ids.get(order.carrier, False),
                }
                for order in planned
            ]
        )
        self.env["channel.order.line"].create(
            [
                {
                    **base,
                    "order_id": order.id,
                    "order_ref": row.order_ref,
                    "sku": row.sku,
                    "line_no": row.line_no,
                    "row_number": row.row,
                    "product_id": analysis.product_ids[row.sku],
                    "quantity": float(row.quantity),
                    "unit_price": float(row.unit_price),
                    "digest": digest(row),
                }
                for order, plan_order in zip(orders, planned, strict=True)
                for row in plan_order.rows
            ]
        )
        return orders

    def _write_problems(self, item, bad, whole=None):
        """Replace the item's open problems by the ones found now."""
        problems = self.env["channel.problem"]
        problems.search([("inbox_id", "=", item.id), ("state", "=", "open")]).unlink()
        values = list(self._problem_values(item, bad[:STORED_PROBLEMS]))
        if whole:
            base = {"account_id": item.account_id.id, "company_id": item.company_id.id}
            values.append({**base, "inbox_id": item.id, **whole})
        problems.create(values)

    def _problem_values(self, item, bad):
        lookup = self.env["channel.order.lookup"]
        for row in bad:
            for flaw in row.flaws:
                yield {
                    "account_id": item.account_id.id,
                    "company_id": item.company_id.id,
                    "inbox_id": item.id,
                    "row_number": row.row,
                    "order_ref": row.order_ref,
                    "column": flaw.column,
                    "code": flaw.code,
                    **lookup._words(flaw),
                }
