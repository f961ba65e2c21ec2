"""Writing a recost: differences as adjustments and one entry, links and layers as replayed.

Rows of consumptions that no longer hold stay with quantity 0 and name the job; what they
said before is in the job's list of shipments.  Amounts of corrections that are now part of a
shipment's cost move from the variance account to the layer.
"""

from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from .valuation_numbers import Entry
from .valuation_recost import Refused


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _apply_recost(self, line):
        """Post and write what the preview of a line said; look again if goods have moved since."""
        self.env.cr.execute(
            SQL("SELECT version FROM wms_cost_total WHERE id = %s FOR UPDATE", line.total_id.id)
        )
        (version,) = self.env.cr.fetchone()
        if version != line.version:
            line.write({"state": "waiting", "reason": self.env._("Moved since the preview.")})
            return
        try:
            plan = self._plan_recost(line)
        except Refused as reason:
            line.write({"state": "refused", "reason": str(reason)})
            return
        before = self._ledger_by_posting(line.total_id)
        posting = self._post_recost(line, plan)
        self._write_changes(line, plan, posting)
        self._write_moved(line, plan, posting)
        self._write_pool(line, plan)
        self._keep_older_days(line, before, posting)
        line.write({"state": "done", "posting_id": posting.id})

    def _ledger_by_posting(self, total):
        """(posting or None, day) -> units and value that the stock ledger has there of a pool."""
        self.env["wms.books"]._flush()
        self.env.cr.execute(
            SQL(
                """
                SELECT posting_id, date, sum(qty)::float, sum(value)::float
                  FROM (%s) ledger WHERE total_id = %s GROUP BY posting_id, date
                """,
                self.env["wms.stock.ledger"]._table_query,
                total.id,
            )
        )
        return {tuple(row[:2]): row[2:] for row in self.env.cr.fetchall()}

    def _keep_older_days(self, line, before, posting):
        """Record what older postings were, so that the value at their days stays the ledger's."""
        after = self._ledger_by_posting(line.total_id)
        currency = line.company_id.currency_id
        rows = []
        for key in sorted(before.keys() | after.keys(), key=str):
            source, day = key
            was, now = before.get(key, (0, 0)), after.get(key, (0, 0))
            qty, value = was[0] - now[0], was[1] - now[1]
            small = line.product_id.uom_id.is_zero(qty) and currency.is_zero(value)
            if source != posting.id and not small:
                rows.append(
                    {
                        "company_id": line.company_id.id,
                        "total_id": line.total_id.id,
                        "posting_id": source,
                        "date": day,
                        "recost_posting_id": posting.id,
                        "qty": qty,
                        "value": value,
                    }
                )
        self.env["wms.cost.restatement"].create(rows)

    def _post_recost(self, line, plan):
        job = line.recost_id
        entry = Entry(
            key=f"recost:{job.id}:{line.total_id.id}",
            event="recost",
            reference=self.env._(
                "%(job)s: %(product)s", job=job.name, product=line.product_id.display_name
            ),
            date=job.date,
        )
        for account, balance in plan.balances.items():
            entry.lines[(account, line.product_id.id, "")] = balance
        return self._create_postings([entry])[entry.key]

    # ------------------------------------------------------------------------ links
    def _write_changes(self, line, plan, posting):
        """Make the consumptions of changed shipments those of the replay."""
        moves = [change.key for change in plan.changes]
        rows = self.env["wms.cost.consumption"].search(
            [("move_id", "in", moves), ("layer_id.total_id", "=", line.total_id.id)], order="id"
        )
        rows = rows.grouped(lambda row: row.move_id.id)
        missing = self.env["wms.cost.deficit"].search(
            [("move_id", "in", moves), ("total_id", "=", line.total_id.id)]
        )
        missing.write({"qty": 0, "value": 0})
        new = []
        none = self.env["wms.cost.consumption"]
        for change in plan.changes:
            new += self._relink(line, change, rows.get(change.key, none), plan)
        self.env["wms.cost.consumption"].create(new)
        by_id = self.env["stock.move"].browse(moves)
        for move, change in zip(by_id, plan.changes, strict=True):
            move.value += plan.numbers.amount(change.difference)
        self._note_changes(line, plan, posting, rows)

    def _relink(self, line, change, rows, plan):
        """Write a shipment's rows; return the values of those to create."""
        wanted = {part.layer_key: part for part in change.after}
        facts = plan.history.rows[change.key]
        new = []
        for row in rows:
            part = wanted.pop(row.layer_id.id, None)
            # what settled missing goods is a plain departure now: nothing was missing
            plain = {"deficit_id": False, "provisional": 0, "recost_id": line.recost_id.id}
            row.write(self._slice_values(part, plan.numbers) | plain)
        for layer, part in wanted.items():
            new.append(
                {
                    "company_id": line.company_id.id,
                    "product_id": line.product_id.id,
                    "move_id": change.key,
                    "picking_id": facts["picking_id"],
                    "layer_id": layer,
                    "date": facts["date"],
                    "account_id": facts["account_id"],
                    "posting_id": facts["posting_id"],
                    "recost_id": line.recost_id.id,
                    **self._slice_values(part, plan.numbers),
                }
            )
        return new

    def _slice_values(self, part, numbers):
        return {
            "qty": float(part.qty) if part else 0,
            "value": numbers.amount(part.value) if part else 0,
            "layer_value": numbers.amount(part.layer_value) if part else 0,
        }

    def _note_changes(self, line, plan, posting, rows):
        """One adjustment per shipment whose cost differs: before and after."""
        numbers = plan.numbers
        self.env["wms.cost.adjustment"].create(
            [
                {
                    "company_id": line.company_id.id,
                    "product_id": line.product_id.id,
                    "kind": "recost",
                    "consumption_id": rows[change.key][:1].id if change.key in rows else False,
                    "recost_id": line.recost_id.id,
                    "qty": float(sum(part.qty for part in change.after)),
                    "received_value": numbers.amount(sum(p.value for p in change.before)),
                    "billed_value": numbers.amount(sum(p.value for p in change.after)),
                    "posting_id": posting.id,
                }
                for change in plan.changes
            ]
        )

    # ----------------------------------------------------------------------- layers
    def _write_moved(self, line, plan, posting):
        """Corrections of units that had left become part of their layer's cost."""
        numbers = plan.numbers
        layers = self.env["wms.cost.layer"].browse(plan.moved)
        self.env["wms.cost.adjustment"].create(
            [
                {
                    "company_id": line.company_id.id,
                    "product_id": line.product_id.id,
                    "kind": "recost",
                    "layer_id": layer.id,
                    "recost_id": line.recost_id.id,
                    "on_hand": numbers.amount(plan.moved[layer.id]),
                    "consumed": -numbers.amount(plan.moved[layer.id]),
                    "posting_id": posting.id,
                }
                for layer in layers
            ]
        )
        sums = defaultdict(int)
        for layer in layers.filtered("move_id"):
            if layer.kind not in ("return", "opening"):
                sums[layer.move_id] += plan.moved[layer.id]
        for move, amount in sums.items():
            move.value += numbers.amount(amount)

    def _write_pool(self, line, plan):
        """Remaining units and values of the layers, the total, the spread, the product's cost."""
        numbers, after = plan.numbers, plan.after
        touched = [
            key
            for key in set(plan.before.layers) | set(after.layers)
            if plan.before.layers.get(key) != after.layers.get(key)
        ]
        for layer in self.env["wms.cost.layer"].browse(touched):
            left = after.layers.get(layer.id)
            layer.remaining_qty = float(left.qty) if left else 0
            layer.remaining_value = numbers.amount(left.value) if left else 0
        self._write_spread(line.total_id, numbers.amount(after.pool.spread))
        line.total_id.write(
            {
                "value": numbers.amount(after.pool.value),
                "carry": float(after.pool.carry),
                "version": line.total_id.version + 1,
            }
        )
        self._update_cost_of(line.total_id)
        self.env.flush_all()

    def _write_spread(self, total, amount):
        """Set what the pool's value and its layers' differ by (average method)."""
        row = self._spread_of(total)
        if row:
            row.remaining_value = amount
        elif amount:
            self.env["wms.cost.layer"].create(
                {
                    "company_id": total.company_id.id,
                    "product_id": total.product_id.id,
                    "total_id": total.id,
                    "lot_id": total.lot_id.id,
                    "place_id": total.place_id.id,
                    "kind": "average",
                    "date": fields.Datetime.now(),
                    "remaining_value": amount,
                }
            )

    def _update_cost_of(self, total):
        """Keep the cost of the lot and of the product: the unit cost of what is there."""
        total.flush_recordset()
        if total.lot_id and total.qty > 0:
            self._set_cost(total.lot_id, total.value / total.qty)
        product = total.product_id
        qty, value = self._values_now(product).get(product.id, (0, 0))
        if qty > 0:
            self._set_cost(product, value / qty)
