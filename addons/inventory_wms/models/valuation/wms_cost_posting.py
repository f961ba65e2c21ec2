from odoo import api, fields, models


class WmsCostPosting(models.Model):
    _name = "wms.cost.posting"
    _description = "Posting of stock events"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    key = fields.Char(required=True, readonly=True, help="One event is posted once.")
    event = fields.Selection(
        [
            ("transfer", "Transfer"),
            ("bill", "Vendor bill"),
            ("invoice", "Customer invoice"),
            ("writeoff", "Write-off"),
            ("landed", "Landed cost"),
            ("revaluation", "Revaluation"),
            ("recost", "Recost"),
            ("opening", "Opening"),
        ],
        required=True,
        readonly=True,
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    document_id = fields.Many2one(
        "account.move", "Bill or invoice", readonly=True, index="btree_not_null"
    )
    landed_cost_id = fields.Many2one(
        "stock.landed.cost", "Landed cost", readonly=True, index="btree_not_null"
    )
    revaluation_id = fields.Many2one("wms.cost.revaluation", readonly=True, index="btree_not_null")
    reference = fields.Char(readonly=True)
    date = fields.Date(required=True, readonly=True)
    event_date = fields.Date(
        readonly=True, help="Differs from the date when that one was locked already."
    )
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("collected", "Waits for its day's entry"),
            ("posted", "Posted"),
            ("empty", "Worth nothing"),
        ],
        required=True,
        default="pending",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="Sum of the debits.")
    lines = fields.Json(readonly=True)
    account_move_id = fields.Many2one(
        "account.move", "Journal entry", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    entry_line_ids = fields.One2many(related="account_move_id.line_ids")
    layer_ids = fields.One2many("wms.cost.layer", "posting_id", "Layers")
    consumption_ids = fields.One2many("wms.cost.consumption", "posting_id", "Goods that left")
    adjustment_ids = fields.One2many("wms.cost.adjustment", "posting_id", "Corrections")

    command_ids = fields.Many2many(
        "wms.command",
        compute="_compute_command_ids",
        string="Commands",
        help="The scans and clicks that moved the goods.",
    )

    _key_unique = models.Constraint("UNIQUE(company_id, key)", "This event is posted already.")
    _pending = models.Index("(id) WHERE state = 'pending'")
    _collected = models.Index("(company_id, date) WHERE state = 'collected'")

    def _compute_command_ids(self):
        for posting in self:
            moves = posting.layer_ids.move_id | posting.consumption_ids.move_id
            posting.command_ids = (posting.picking_id.move_ids | moves).wms_command_id

    def _compute_display_name(self):
        for posting in self:
            posting.display_name = posting.reference or posting.key

    @api.model
    def action_post_collected(self):
        """Post the collected transfers of the user's companies now, one entry per day.

        :return: the entries as an action
        """
        self.env["account.move"].check_access("create")
        # sudo: the right to post entries was checked; the rows can be written by nobody.
        service = self.env["wms.valuation"].sudo()
        entries = service._post_collected(self.env.companies, fields.Date.context_today(self))
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "name": self.env._("Entries of the days"),
            "view_mode": "list,form",
            "domain": [("id", "in", entries.ids)],
        }
