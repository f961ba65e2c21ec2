from odoo import api, fields, models

_AMOUNTS = ("account_id", "balance", "debit", "credit", "amount_currency", "product_id")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # books
    wms_is_stock_event = fields.Boolean(
        compute="_compute_wms_is_stock_event", groups="inventory_wms.group_accountant"
    )

    def _compute_wms_is_stock_event(self):
        postings = self.env["wms.cost.posting"].search(
            [("account_move_id", "in", self.move_id.ids)]
        )
        moves = postings.account_move_id
        for line in self:
            line.wms_is_stock_event = line.move_id in moves

    @api.model_create_multi
    def create(self, vals_list):
        """Core's, but what is added to a posted entry is guarded like the entry itself."""
        lines = super().create(vals_list)
        posted = lines.filtered(lambda line: line.parent_state == "posted").move_id
        if posted:
            posted._wms_guard_events(lambda move: True)
            # sudo: as in write.
            self.env["wms.books"].sudo()._guard_entries(posted.sudo())
        return lines

    def write(self, vals):
        """Core's, but items of stock events stay, and stock accounts are not for handwork."""
        if "purchase_line_id" in vals:
            return self._wms_match_with(vals)
        changed = self.env["account.move"]
        if not vals.keys().isdisjoint(_AMOUNTS):
            changed = self._wms_changed(vals).move_id
        if changed:
            changed._wms_guard_events(lambda move: True)
        result = super().write(vals)
        if changed:
            # sudo: the user's own rights are asked by name.
            self.env["wms.books"].sudo()._guard_entries(changed.sudo())
        return result

    def _wms_changed(self, vals):
        """The posted items whose account, product or amount these values change."""
        will_change = self.env["account.move"]._field_will_change
        return self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and any(name in vals and will_change(line, vals, name) for name in _AMOUNTS)
            )
        )

    def action_wms_stock_events(self):
        """Open the stock event behind the item."""
        return self.move_id.action_wms_stock_events()

    # valuation
    def _wms_match_with(self, vals):
        """Write ``purchase_line_id`` (Odoo's purchase matching does): posted lines match again."""
        posted = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.is_purchase_document(include_receipts=True)
                and line.purchase_line_id.id != vals["purchase_line_id"]
            )
        )
        # sudo: as in account.move.
        service = self.env["wms.valuation"].sudo()
        service._withdraw_lines(posted.sudo())
        other = {name: value for name, value in vals.items() if name != "purchase_line_id"}
        # core's write, not ours: pylint: disable-next=super-method-mismatch
        result = super().write({"purchase_line_id": vals["purchase_line_id"]})
        if other:
            result = self.write(other)
        service._match_lines(posted.sudo())
        return result

    def _compute_account_id(self):
        super()._compute_account_id()
        # sudo: a buyer who drafts the bill need not read the chart of accounts.
        books = self.env["wms.valuation"].sudo()
        for line in self:
            if not (line.product_id and line.move_id.is_purchase_document()):
                continue
            product = line.with_company(line.company_id).product_id
            account = books.with_company(line.company_id)._kit_account(line.sudo())
            if not account and product._wms_costed():
                account = books._account(product, "grni", line.company_id)
            if account:
                line.account_id = account
