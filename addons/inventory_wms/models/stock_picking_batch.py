from datetime import timedelta

from odoo import api, fields, models

LEASE = timedelta(seconds=120)


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    # picking: a wave is a batch with tasks
    wms_task_ids = fields.One2many("wms.task", "batch_id", "Tasks", readonly=True)
    wms_cart_id = fields.Many2one("wms.cart", "Cart", readonly=True, check_company=True)
    wms_metres = fields.Float(
        "Walk (m)", digits=(16, 1), readonly=True, help="Planned walk through all stops and back."
    )
    wms_metres_plain = fields.Float(
        "Plain order (m)",
        digits=(16, 1),
        readonly=True,
        help="The same stops in the order of their names, as a printed list has them.",
    )
    wms_saving = fields.Float("Saved", compute="_compute_wms_saving", help="Share of the walk.")
    wms_worker_id = fields.Many2one("res.users", "Worker", readonly=True, copy=False)
    wms_device_id = fields.Many2one("wms.device", "Device", readonly=True, copy=False)
    wms_lease_until = fields.Datetime(
        "Held until",
        readonly=True,
        copy=False,
        help="The worker's claim; every scan renews it. After that another worker may continue.",
    )
    wms_note = fields.Text("Note for the next", readonly=True, copy=False)
    wms_note_user_id = fields.Many2one("res.users", "Handed over by", readonly=True, copy=False)
    wms_order_count = fields.Integer("Orders", compute="_compute_wms_progress")
    wms_task_count = fields.Integer("Stops", compute="_compute_wms_progress")
    wms_open_count = fields.Integer("Open stops", compute="_compute_wms_progress")
    wms_short_count = fields.Integer("Short", compute="_compute_wms_progress")
    wms_progress = fields.Float("Progress", compute="_compute_wms_progress", help="In percent.")
    wms_free_slots = fields.Integer("Free slots", compute="_compute_wms_free_slots")
    wms_is_stuck = fields.Boolean("Stuck", compute="_compute_wms_is_stuck")

    wms_running = fields.Boolean(compute="_compute_wms_running", compute_sudo=True)

    @api.depends("state", "wms_task_ids")
    def _compute_wms_running(self):
        for wave in self:
            wave.wms_running = wave.state == "in_progress" and bool(wave.wms_task_ids)

    @api.depends("wms_task_ids.state")
    def _compute_state(self):
        """A wave is not over while goods on its cart must be put back."""
        # sudo: the state is computed for whoever changes a transfer.
        busy = self.sudo().filtered(
            lambda wave: any(
                task.kind == "put_back" and task._is_open for task in wave.wms_task_ids
            )
        )
        super(StockPickingBatch, self - busy.with_env(self.env))._compute_state()

    @api.depends("wms_metres", "wms_metres_plain")
    def _compute_wms_saving(self):
        for wave in self:
            plain = wave.wms_metres_plain
            wave.wms_saving = 1 - wave.wms_metres / plain if plain else 0.0

    @api.depends("wms_task_ids.state", "picking_ids")
    def _compute_wms_progress(self):
        counts = {}
        for wave, state, count in self.env["wms.task"]._read_group(
            [("batch_id", "in", self.ids)], ["batch_id", "state"], ["__count"]
        ):
            counts[wave.id, state] = count
        for wave in self:
            opened = counts.get((wave.id, "ready"), 0) + counts.get((wave.id, "claimed"), 0)
            short = counts.get((wave.id, "short"), 0)
            total = opened + short + counts.get((wave.id, "done"), 0)
            wave.wms_order_count = len(wave.picking_ids)
            wave.wms_task_count = total
            wave.wms_open_count = opened
            wave.wms_short_count = short
            wave.wms_progress = 100 * (total - opened) / total if total else 0.0

    @api.depends("picking_ids.state", "picking_ids.wms_cart_slot", "wms_cart_id")
    def _compute_wms_free_slots(self):
        waves = self.env["wms.waves"]
        for wave in self:
            running = wave.state == "in_progress" and wave.picking_type_id
            free = waves._free_slots(wave, waves._limits(wave)) if running else []
            wave.wms_free_slots = len(free)

    @api.depends("wms_worker_id", "wms_lease_until", "state")
    def _compute_wms_is_stuck(self):
        now = fields.Datetime.now()
        for wave in self:
            held = wave.state == "in_progress" and wave.wms_worker_id and wave.wms_lease_until
            wave.wms_is_stuck = bool(held and wave.wms_lease_until < now)

    def action_cancel(self):
        """Core's cancel, and the stops of the wave with it.

        :return: what core returns
        """
        # sudo: whoever may cancel a batch need not have rights on stops.
        waves = self.sudo()
        for wave in waves:
            self.env["wms.changes"]._give_up_put_backs(wave)
        result = super().action_cancel()
        waves.wms_task_ids._opened().write({"state": "cancelled"})
        # After core's cancel: it cancels a running wave without transfers at every write.
        self._wms_unclaim()
        return result

    def action_done(self):
        """Core's validation of the whole batch; what was scanned of half-picked lines counts.

        :return: what core returns
        """
        # Core takes a transfer without a picked line for an empty one and drops it.
        self.picking_ids.move_line_ids.filtered("wms_task_id")._wms_settle()
        return super().action_done()

    def action_wms_ship(self):
        """Ship what is picked, give the open stops up and close the wave."""
        self.ensure_one()
        self.env["wms.door"]._execute_local("ship.confirm", {"batch_id": self.id, "partial": True})

    def action_wms_give_back(self):
        """Take the wave from its worker, so that another one may continue."""
        self.ensure_one()
        self.env["wms.door"]._execute_local("task.release", {"batch_id": self.id})

    def _wms_note_text(self):
        """What the shift before says about this wave, with its name; empty when it said nothing."""
        self.ensure_one()
        return f"{self.wms_note_user_id.name}: {self.wms_note}" if self.wms_note else ""

    def _wms_holder(self):
        """Who holds a live claim on this wave: res.users, or empty when it is free."""
        self.ensure_one()
        live = self.wms_lease_until and self.wms_lease_until >= fields.Datetime.now()
        return self.wms_worker_id if live else self.env["res.users"]

    def _wms_claim(self, worker, device):
        """Give the wave to a worker on a device, or renew the claim.

        The row is written only when less than half of the lease is left, so that scans of
        one wave do not wait for each other.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        same = (self.wms_worker_id, self.wms_device_id) == (worker, device)
        if same and self.wms_lease_until and self.wms_lease_until > now + LEASE / 2:
            return
        self.write(
            {
                "wms_worker_id": worker.id,
                "wms_device_id": device.id,
                "wms_lease_until": now + LEASE,
            }
        )

    def _wms_unclaim(self):
        """Give the waves back, so that anyone may take them."""
        held = self.filtered("wms_worker_id")
        if held:
            held.write({"wms_worker_id": False, "wms_device_id": False, "wms_lease_until": False})
