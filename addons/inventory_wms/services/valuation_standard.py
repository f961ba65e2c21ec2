"""Goods at standard cost: what they are worth in stock, and what is owed for them."""

from odoo import models

from ..engine.cost_layers import share, unit_cost


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _owed_for(self, layer_id, qty, value, book):
        """What the vendor owes for goods sent back: at standard cost the price they were billed."""
        layer = self.env["wms.cost.layer"].browse(layer_id)
        receipt = layer.root_layer_id or layer
        kept = book.numbers.qty(receipt.qty) - book.numbers.qty(receipt.cleared_qty)
        if book.pool.method != "standard" or receipt.kind != "receipt" or not kept:
            return value
        return share(book.numbers.minor(receipt.purchase_value), min(qty, kept), kept)

    def _stock_value(self, book, qty, cost):
        """What goods that come in are worth in stock: their cost, or the standard cost."""
        return self._round(book.fallback(), qty) if book.pool.method == "standard" else cost

    def _current_cost(self, book):
        """Exact cost of one more unit (minor units) where no document says what it costs."""
        standard = book.pool.method == "standard"
        return book.fallback() if standard else unit_cost(book.pool, book.fallback())
