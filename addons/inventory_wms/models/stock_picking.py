from odoo import fields, models

BOOKS = "inventory_wms.group_accountant"


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # picking
    wms_cart_slot = fields.Char(
        "Cart slot", readonly=True, copy=False, help="Where on the cart this order's goods go."
    )

    def button_validate(self):
        """Core's validation, after the lines of waves say what was really picked.

        :return: what core returns
        """
        self.env["wms.door"]._take_transfer_turn(self)
        # A wave's lines show the whole reservation until they are scanned completely; whoever
        # validates in between ships what was scanned, no more.
        self.move_line_ids.filtered("wms_task_id")._wms_settle()
        tasks = self.move_line_ids.wms_task_id
        result = super().button_validate()
        if tasks:
            tasks._lines_were_taken_away()
        return result

    # valuation
    wms_posting_ids = fields.One2many("wms.cost.posting", "picking_id", "Postings", groups=BOOKS)

    def action_wms_entries(self):
        """Open the journal entries of the transfer."""
        self.ensure_one()
        entries = self.wms_posting_ids.account_move_id
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        action |= {"domain": [("id", "in", entries.ids)], "context": {}}
        return action

    def action_wms_costs(self):
        """Open what the transfer cost: the receipts it came from, or the layers it made."""
        self.ensure_one()
        taken = self.env["wms.cost.consumption"].search_count(
            [("picking_id", "=", self.id)], limit=1
        )
        name = "consumption" if taken else "layer"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"inventory_wms.wms_cost_{name}_action"
        )
        action["domain"] = [("picking_id", "=", self.id)]
        action["context"] = {}
        action["display_name"] = self.env._("Cost trace of %s", self.name)
        return action
