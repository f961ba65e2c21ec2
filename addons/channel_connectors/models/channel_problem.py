from odoo import fields, models

from ..engine.safe_csv import to_csv

EXPORTED = ("channel", "item", "row", "column", "order_ref", "code", "what", "next")


class ChannelProblem(models.Model):
    """Something a person must put right: where it is, what it is, what to do now."""

    _name = "channel.problem"
    _description = "Channel problem"
    _order = "state, inbox_id desc, row_number, id"
    _rec_name = "what"

    account_id = fields.Many2one(
        "channel.account", "Channel", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    inbox_id = fields.Many2one(
        "channel.inbox", "Received with", readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "channel.order", "Channel order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    order_ref = fields.Char("Order", readonly=True)
    row_number = fields.Integer("Row", readonly=True, help="Row of the file; the header is 1.")
    column = fields.Char(readonly=True)
    code = fields.Char(required=True, readonly=True)
    what = fields.Text("What is wrong", required=True, readonly=True)
    next_step = fields.Text("What to do", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")], required=True, default="open", index=True
    )

    def action_solve(self):
        """Take the problem off the list; it is kept and can be opened again."""
        self.write({"state": "solved"})

    def action_reopen(self):
        """Put the problem back on the list."""
        self.write({"state": "open"})

    def action_export(self):
        """Download these problems as a CSV file that no spreadsheet runs as a formula."""
        return {
            "type": "ir.actions.act_url",
            "url": f"/wms/channel/problems.csv?ids={','.join(map(str, self.ids))}",
            "target": "download",
        }

    def _to_csv(self):
        rows = (
            (
                problem.account_id.name,
                problem.inbox_id.name,
                problem.row_number or "",
                problem.column,
                problem.order_ref,
                problem.code,
                problem.what,
                problem.next_step,
            )
            for problem in self
        )
        return to_csv(EXPORTED, rows)
