from odoo import api, fields, models

from ... import messages
from ...services.tasks import OPEN_STATES


class WmsTask(models.Model):
    """One stop of a worker: this bin, this product, so many, into these cart slots.

    Workers have no access to the model; they reach their own tasks by the routes below /wms/.
    """

    _name = "wms.task"
    _description = "Task"
    _order = "batch_id, sequence, id"

    kind = fields.Selection(
        [("pick", "Pick"), ("put_back", "Put back")], required=True, default="pick", readonly=True
    )
    batch_id = fields.Many2one(
        "stock.picking.batch", "Wave", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    sequence = fields.Integer("Stop", readonly=True)
    state = fields.Selection(
        [
            ("ready", "Ready"),
            ("claimed", "In work"),
            ("done", "Done"),
            ("short", "Short"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="ready",
        readonly=True,
        index=True,
    )
    location_id = fields.Many2one("stock.location", "Bin", required=True, readonly=True, index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    move_line_ids = fields.One2many("stock.move.line", "wms_task_id", "Lines", readonly=True)
    demand = fields.Float("To pick", digits="Product Unit", readonly=True)
    done = fields.Float("Picked", digits="Product Unit", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    distance = fields.Float(
        "Metres", digits=(16, 1), readonly=True, help="Walk from the stop before, in metres."
    )
    explanation = fields.Json(readonly=True, help="Why this bin and why in this order.")
    explanation_text = fields.Char("Why", compute="_compute_explanation_text")
    worker_id = fields.Many2one("res.users", readonly=True, index=True)
    device_id = fields.Many2one("wms.device", readonly=True)
    started_at = fields.Datetime("Started", readonly=True)
    done_at = fields.Datetime("Finished", readonly=True)
    reason_id = fields.Many2one("wms.reason", "Why short", readonly=True)
    slot = fields.Char(readonly=True, help="Where goods lie on the cart that must be put back.")
    order_ref = fields.Char("Order", readonly=True, help="Whose goods are put back.")
    rev = fields.Integer("Revision", readonly=True, help="Counts the changes of this task.")

    _open_idx = models.Index("(batch_id, sequence) WHERE state IN ('ready', 'claimed')")

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for task in self:
            task.explanation_text = " · ".join(task._reasons())

    @api.depends("location_id", "product_id", "sequence")
    def _compute_display_name(self):
        for task in self:
            task.display_name = f"{task.sequence}. {task.location_id.name} {task.product_id.name}"

    def _reasons(self):
        """Why this bin and this place in the order, as short sentences.

        :return: list of text, at most three
        """
        self.ensure_one()
        return [
            messages.parts(self.env, entry["code"], entry.get("params"))["title"]
            for entry in (self.explanation or [])[:3]
        ]

    @property
    def _is_open(self):
        return self.state in OPEN_STATES

    def _opened(self):
        """Those still to work on, in walking order."""
        return self.filtered(lambda task: task._is_open).sorted("sequence")

    def _remaining(self):
        """What is still to pick here, in the product's unit."""
        self.ensure_one()
        return max(0.0, self.product_id.uom_id.round(self.demand - self.done))

    def _touch(self, **values):
        """Write, and count the change so that ``expect`` can tell a stale view."""
        for task in self:
            task.write({**values, "rev": task.rev + 1})

    def _recount(self):
        """Say again what is asked and done here, after lines were cut, added or taken away.

        Lines of transfers that have left the wave leave their open stops.  A stop without lines
        is cancelled, one whose lines are all picked is done.
        """
        for task in self.exists().filtered(lambda task: task.kind == "pick"):
            if task.state == "cancelled":
                continue
            if task._is_open:
                task._let_strays_go()
            values = task._counted()
            if any(task[name] != value for name, value in values.items()):
                task._touch(**values)

    def _let_strays_go(self):
        strays = self.move_line_ids.filtered(
            lambda line: (
                line.state not in ("done", "cancel") and line.picking_id.batch_id != self.batch_id
            )
        )
        strays.wms_task_id = False

    def _counted(self):
        """Demand, done and state as the lines have them."""
        uom = self.product_id.uom_id
        lines = self.move_line_ids
        done = uom.round(sum(lines.mapped("wms_scanned")))
        values = {"done": done}
        now = fields.Datetime.now()
        if not lines and self.state != "short":
            return {**values, "state": "cancelled", "done_at": now}
        demand = uom.round(sum(lines.mapped("quantity_product_uom")))
        whole = uom.compare(done, demand) >= 0
        if self._is_open:
            values["demand"] = demand
            # validated in the office, without scans: nothing is left to do here
            if whole or set(lines.mapped("state")) == {"done"}:
                values |= {"state": "done", "done_at": now}
        elif self.state == "done" and not whole and self.batch_id.wms_running:
            values |= {"demand": demand, "state": "claimed" if self.worker_id else "ready"}
        return values
