import secrets

from odoo import api, fields, models


class WmsDevice(models.Model):
    """A scanner, phone or desk that sends commands; its own counter puts them in order."""

    _name = "wms.device"
    _description = "Device"
    _order = "name, id"

    name = fields.Char(required=True)
    uid = fields.Char(
        "Device ID",
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: self._new_uid(),
        help="Public name of the device in commands. It is no secret and gives no right.",
    )
    kind = fields.Selection(
        [("scanner", "Scanner"), ("office", "Office")], required=True, default="scanner"
    )
    active = fields.Boolean(default=True, help="Off: the device's commands are refused.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one("res.users", "Last signed in", readonly=True)
    command_ids = fields.One2many("wms.command", "device_id", "Commands")
    last_seq = fields.Integer("Commands decided", compute="_compute_last_seq")

    _uid_uniq = models.Constraint("UNIQUE (uid)", "Two devices can't have the same ID.")
    _office_uniq = models.UniqueIndex("(company_id) WHERE kind = 'office'")

    @api.depends("command_ids.seq")
    def _compute_last_seq(self):
        last = dict(
            self.env["wms.command"]._read_group(
                [("device_id", "in", self.ids)], ["device_id"], ["seq:max"]
            )
        )
        for device in self:
            device.last_seq = last.get(device) or 0

    @api.model
    def _new_uid(self):
        return secrets.token_urlsafe(12)

    @api.model
    def _enrol(self, name):
        """A new device for the acting user; called by the enrolment route.

        :param name: what people call it
        :return: the device (sudo)
        """
        # sudo: the route has checked that the user may work here.
        return self.sudo().create(
            {"name": name, "user_id": self.env.uid, "company_id": self.env.company.id}
        )

    @api.model
    def _office_device(self):
        """The company's stand-in device for buttons of the backend and crons."""
        # sudo: a lead presses buttons without being allowed to manage devices.
        domain = [("kind", "=", "office"), ("company_id", "=", self.env.company.id)]
        return self.sudo().with_context(active_test=False).search(domain, limit=1)

    @api.model
    def _create_office_devices(self):
        """Give every company its office device; called at install and for new companies."""
        every = self.env["res.company"].with_context(active_test=False)
        # Companies are few.
        companies = every.search([])  # pylint: disable=no-search-all
        companies -= self.search([("kind", "=", "office")]).company_id
        self.create(
            [
                {"name": self.env._("Office"), "kind": "office", "company_id": company.id}
                for company in companies
            ]
        )
