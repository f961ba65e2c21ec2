"""Goods that move between places with stock accounts of their own: their layers move along."""

from odoo import models


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _cost_transfer(self, book, event, facts):
        """Dr stock at the new place, Cr stock at the old one: each layer moves with its cost."""
        other = facts.books[event.to]
        here, there = self._stock_account(book), self._stock_account(other)
        start = len(book.consumptions)
        # what is missing here arrives there at a guess; its true cost then is a variance
        taken, missing = book.issue(event, there, self._account(book.product, "variance"))
        for row in book.consumptions[start:]:
            links = self._moved_from(row, book)
            other.receive(event, row["minor"], links, qty=facts.numbers.qty(row["qty"]))
        if missing:
            gone = facts.numbers.qty(sum(row["qty"] for row in book.consumptions[start:]))
            other.receive(event, missing, {"kind": "transfer"}, qty=event.qty - gone)
        event.value = taken + missing
        event.entry.post(there, here, book.product, event.value)
        self._post_settled(other, event)

    def _moved_from(self, row, book):
        """Links of a layer to the one it was moved from (which may be new in this call)."""
        layer = self.env["wms.cost.layer"].browse(row["layer_id"])
        if row["layer_id"] > 0:
            root = layer.root_layer_id or layer
            return {"kind": "transfer", "origin_layer_id": layer.id, "root_layer_id": root.id}
        root = book.layers[row["layer_id"]].get("root_layer_id") or row["layer_id"]
        return {
            "kind": "transfer",
            "origin_layer_id": row["layer_id"],
            "root_layer_id": root,
        }
