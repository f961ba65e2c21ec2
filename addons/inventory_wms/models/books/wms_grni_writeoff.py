from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .wms_grni_item import KINDS

# what only the buttons write: else one person could ask in another's name and approve it
_DECIDED = {"state", "user_id", "approver_id", "company_id", "line_ids", "posting_ids", "value"}


class WmsGrniWriteoff(models.Model):
    """Open items that will never meet their counterpart: one asks, another one approves."""

    _name = "wms.grni.writeoff"
    _description = "Write-off of goods received, not invoiced"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    reason = fields.Char(tracking=True)
    account_id = fields.Many2one(
        "account.account", "Write off to", required=True, check_company=True, tracking=True
    )
    user_id = fields.Many2one("res.users", "Requested by", required=True, readonly=True)
    approver_id = fields.Many2one("res.users", "Decided by", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "Waiting for approval"),
            ("approved", "Written off"),
            ("refused", "Refused"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many("wms.grni.writeoff.line", "writeoff_id", "Items")
    value = fields.Monetary(compute="_compute_value", store=True)
    posting_ids = fields.Many2many("wms.cost.posting", readonly=True)

    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._("Write-off %s", request.id)

    @api.depends("line_ids.value")
    def _compute_value(self):
        for request in self:
            request.value = sum(request.line_ids.mapped("value"))

    @api.model
    def _request(self, items):
        """A draft for these open items.

        :raises UserError: nothing chosen, or items of several companies
        """
        company = items.company_id
        if len(company) != 1:
            raise UserError(self.env._("Choose open items of one company."))
        values = {
            "company_id": company.id,
            "user_id": self.env.uid,
            "account_id": company.wms_variance_account_id.id,
        }
        # sudo: the items of a request are those chosen, not typed.
        request = self.sudo().create(values)
        request.env["wms.grni.writeoff.line"].create(
            [
                {
                    "writeoff_id": request.id,
                    "kind": item.kind,
                    "product_id": item.product_id.id,
                    "partner_id": item.partner_id.id,
                    "layer_id": item.layer_id.id,
                    "adjustment_id": item.adjustment_id.id,
                    "consumption_id": item.consumption_id.id,
                    "qty": item.qty,
                    "value": item.value,
                }
                for item in items
            ]
        )
        return request.sudo(False)

    def action_ask(self):
        """Ask for approval.

        :raises UserError: no reason was given
        """
        self._require("draft")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why these items will never be settled."))
        # sudo: states change by the buttons only.
        self.sudo().write({"state": "asked", "user_id": self.env.uid})
        for user in self.env["wms.books"]._accountants(self.company_id) - self.env.user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Approve a write-off of goods received, not invoiced"),
            )

    def action_approve(self):
        """Write the items off: post the entry and close them.

        :raises AccessError: whoever asked can't approve
        :raises UserError: an item was settled in the meantime
        """
        self._decide()
        # sudo: an accountant approves; the service writes rows that nobody writes by hand.
        service = self.env["wms.books"].sudo().with_company(self.company_id)
        postings = service._write_off(self.sudo())
        self.sudo().write({"state": "approved", "posting_ids": postings.ids})

    def action_refuse(self):
        """Leave the items open."""
        self._decide()
        # sudo: as above.
        self.sudo().write({"state": "refused"})

    def _decide(self):
        self._require("asked")
        if self.env.user == self.user_id:
            raise AccessError(
                self.env._("You asked for this write-off, so another accountant must decide on it.")
            )
        # sudo: as above.
        self.sudo().write({"approver_id": self.env.uid})
        self.sudo().activity_ids.action_feedback()

    def _require(self, state):
        self.ensure_one()
        self.check_access("write")
        if self.state != state:
            raise UserError(self.env._("This was decided already. Reload the page."))

    def write(self, vals):
        """Only a draft changes, and never who asked or decided.

        :raises UserError: it was asked for already
        :raises AccessError: what the buttons decide was given
        """
        if not self.env.su:
            decided = sorted(_DECIDED.intersection(vals))
            if decided:
                raise AccessError(
                    self.env._("%s is set by the buttons of the write-off.", ", ".join(decided))
                )
            if any(request.state != "draft" for request in self):
                raise UserError(
                    self.env._("A write-off that was asked for does not change any more.")
                )
        return super().write(vals)


class WmsGrniWriteoffLine(models.Model):
    _name = "wms.grni.writeoff.line"
    _description = "Item of a write-off"
    _order = "id"

    writeoff_id = fields.Many2one(
        "wms.grni.writeoff", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="writeoff_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    layer_id = fields.Many2one("wms.cost.layer", "Receipt", readonly=True)
    adjustment_id = fields.Many2one("wms.cost.adjustment", readonly=True)
    consumption_id = fields.Many2one("wms.cost.consumption", readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True)
