from odoo import api, fields, models

BOOKS = "inventory_wms.group_accountant"


class AccountMove(models.Model):
    _inherit = "account.move"

    # books
    wms_core_closing = fields.Boolean(
        "Stock closing",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,  # or anybody could say so of an entry by hand
        help="Made by Odoo's own stock closing.",
    )
    wms_stock_reason = fields.Char(
        "Reason (stock account)",
        copy=False,
        tracking=True,
        help="Why an entry by hand is posted on an account that must equal the goods in stock.",
    )
    wms_by_hand = fields.Boolean(compute="_compute_wms_by_hand")
    wms_posting_ids = fields.One2many(
        "wms.cost.posting", "account_move_id", "Stock events", groups=BOOKS
    )

    @api.depends("line_ids.account_id", "line_ids.product_id")
    def _compute_wms_by_hand(self):
        # sudo: whoever drafts an entry need not read categories and postings.
        books = self.env["wms.books"].sudo()
        for moves in self.sudo().grouped("company_id").values():
            found = books._by_hand(moves).move_id
            for move in moves:
                move.wms_by_hand = move in found

    def write(self, vals):
        if "date" in vals or "journal_id" in vals:
            self._wms_guard_events(
                lambda move: any(
                    name in vals and self._field_will_change(move, vals, name)
                    for name in ("date", "journal_id")
                )
            )
        return super().write(vals)

    def _wms_guard_events(self, concerned):
        posted = self.filtered(lambda move: move.state == "posted" and concerned(move))
        if posted:
            # sudo: whoever edits entries need not read the postings of stock events.
            self.env["wms.books"].sudo()._guard_events(posted)

    # valuation
    def _set_next_sequence(self):
        # as late as can be: whoever numbers a stock entry holds the journal until the commit
        if self.env.context.get("wms_numbers_in_turn"):
            self.env["wms.valuation"]._hold_journal(self.journal_id)
        return super()._set_next_sequence()

    def _post(self, soft=True):
        # sudo: as in _compute_wms_by_hand; the user's own rights are asked by name.
        self.env["wms.books"].sudo()._guard_entries(self.sudo())
        # sudo: see below; the costing must not be switched while the document is posted.
        self.env["wms.valuation"].sudo()._hold_costing(self.invoice_line_ids.product_id)
        posted = super()._post(soft)
        # sudo: whoever posts a bill may not read or write the cost layers it corrects.
        self.env["wms.valuation"].sudo()._match_documents(posted.sudo())
        return posted

    def action_post(self):
        """Core's posting, after its turn with the goods that the documents correct.

        :return: what core returns
        """
        invoices = self.filtered(lambda move: move.is_invoice(include_receipts=True))
        self.env["wms.door"]._take_turn(invoices.invoice_line_ids.product_id)
        return super().action_post()

    def _add_purchase_order_lines(self, purchase_order_lines):
        """Nothing to add is nothing to write: core would refuse it on a posted bill.

        So Odoo's purchase matching, which lists posted bills, can give them their order lines.
        """
        if purchase_order_lines:
            super()._add_purchase_order_lines(purchase_order_lines)

    def button_draft(self):
        """Take the documents back to draft; what they had corrected is open again."""
        self._wms_guard_events(lambda move: True)
        posted = self.filtered(lambda move: move.state == "posted")
        result = super().button_draft()
        # sudo: as above.
        self.env["wms.valuation"].sudo()._withdraw_documents(posted.sudo())
        return result

    def action_wms_stock_events(self):
        """Open the stock events that made the entry: transfer, command and cost layers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.wms_cost_posting_action"
        )
        postings = self.wms_posting_ids
        action["domain"] = [("id", "in", postings.ids)]
        if len(postings) == 1:
            action |= {"res_id": postings.id, "views": [(False, "form")], "view_mode": "form"}
        return action

    def button_create_landed_costs(self):
        """Make a landed cost of the bill; its lines credit the account that the bill debited.

        Core takes the product's stock account, which the bill uses only where the product is
        valued at invoicing.
        """
        action = super().button_create_landed_costs()
        lines = self.line_ids.filtered("is_landed_costs_line")
        cost = self.env["stock.landed.cost"].browse(action["res_id"])
        for cost_line, line in zip(cost.cost_lines, lines, strict=True):
            if line.product_id.with_company(self.company_id).valuation == "perpetual_move":
                cost_line.account_id = line.account_id
        return action
