from odoo import api, fields, models
from odoo.tools import SQL

from .stock_ledger_rows import ROWS


class WmsStockLedger(models.Model):
    """Every change of the value of the stock, in posting order; a view of the cost tables.

    The sum of ``value`` up to a day is the value of the stock on that day: the day is that of the
    journal, as in the ledger.
    """

    _name = "wms.stock.ledger"
    _description = "Stock ledger"
    _auto = False
    _order = "date desc, posting_id desc, id desc"
    _depends = {
        "wms.cost.layer": ["kind", "total_id", "posting_id", "qty", "value", "date", "move_id"],
        "wms.cost.consumption": ["layer_id", "posting_id", "qty", "value", "provisional"],
        "wms.cost.deficit": ["total_id", "posting_id", "qty", "value"],
        "wms.cost.adjustment": [
            "layer_id",
            "deficit_id",
            "consumption_id",
            "posting_id",
            "on_hand",
            "received_value",
            "kind",
        ],
        "wms.cost.posting": ["date", "account_move_id"],
        "wms.cost.restatement": ["total_id", "posting_id", "recost_posting_id", "qty", "value"],
        "wms.cost.total": ["product_id", "category_id", "lot_id", "place_id"],
        "stock.move": ["state", "value"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    total_id = fields.Many2one("wms.cost.total", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("product.category", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    place_id = fields.Many2one("stock.location", "Kept at", readonly=True)
    kind = fields.Selection(
        "_selection_kind", readonly=True, help="What happened to the stock or to its value."
    )
    date = fields.Date(readonly=True, help="Day in the journal.")
    event_time = fields.Datetime("Happened", readonly=True)
    posting_id = fields.Many2one("wms.cost.posting", readonly=True)
    account_move_id = fields.Many2one("account.move", "Journal entry", readonly=True)
    move_id = fields.Many2one("stock.move", "Stock move", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    layer_id = fields.Many2one("wms.cost.layer", "Receipt", readonly=True)
    qty_in = fields.Float("In", digits="Product Unit", readonly=True)
    qty_out = fields.Float("Out", digits="Product Unit", readonly=True)
    value_in = fields.Monetary("Value in", readonly=True)
    value_out = fields.Monetary("Value out", readonly=True)
    qty = fields.Float("Change", digits="Product Unit", readonly=True)
    value = fields.Monetary("Change in value", readonly=True)
    qty_balance = fields.Float("On hand after", digits="Product Unit", compute="_compute_balance")
    value_balance = fields.Monetary("Worth after", compute="_compute_balance")

    @api.model
    def _selection_kind(self):
        layers = self.env["wms.cost.layer"]._fields["kind"]._description_selection(self.env)
        return [
            *[kind for kind in layers if kind[0] != "average"],
            ("issue", self.env._("Taken from a receipt")),
            ("missing", self.env._("Left before received")),
            ("settled", self.env._("Cost of what had left")),
            ("cancel", self.env._("Came back before received")),
            ("undo", self.env._("Put back: less had left")),
            ("correction", self.env._("Cost corrected")),
        ]

    @property
    def _table_query(self):
        return SQL(
            f"""
            SELECT rows.id, rows.kind, rows.total_id, rows.posting_id, rows.move_id, rows.layer_id,
                   rows.event_time, rows.qty, rows.value, total.company_id, rows.product_id,
                   total.category_id, total.lot_id, total.place_id,
                   posting.account_move_id, move.picking_id,
                   coalesce(posting.date, rows.event_time::date) AS date,
                   greatest(rows.qty, 0) AS qty_in, greatest(-rows.qty, 0) AS qty_out,
                   greatest(rows.value, 0) AS value_in, greatest(-rows.value, 0) AS value_out
              FROM ({ROWS}) rows
              JOIN wms_cost_total total ON total.id = rows.total_id
              LEFT JOIN wms_cost_posting posting ON posting.id = rows.posting_id
              LEFT JOIN stock_move move ON move.id = rows.move_id
            """
        )

    def _compute_balance(self):
        """Units and value of the product after each row: one statement for all rows shown."""
        self.env["wms.books"]._flush()
        self.env.cr.execute(
            SQL(
                """
                SELECT id, qty, value FROM (
                    SELECT id, sum(qty) OVER book AS qty, sum(value) OVER book AS value
                      FROM (%(ledger)s) ledger
                     WHERE product_id = ANY(%(products)s) AND company_id = ANY(%(companies)s)
                    WINDOW book AS (PARTITION BY company_id, product_id
                                    ORDER BY date, posting_id, qty < 0, id)) balances
                 WHERE id = ANY(%(ids)s)
                """,
                ledger=self._table_query,
                products=self.product_id.ids,
                companies=self.company_id.ids,
                ids=self.ids,
            )
        )
        balances = {row: (qty, value) for row, qty, value in self.env.cr.fetchall()}
        for row in self:
            row.qty_balance, row.value_balance = balances.get(row.id, (0, 0))

    def action_open_source(self):
        """Open the posting behind the row: its entry, its transfer, its command."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "wms.cost.posting",
            "res_id": self.posting_id.id,
            "view_mode": "form",
        }
