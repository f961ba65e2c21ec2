"""Goods that Odoo costs itself, and the opening that takes them over; for the tests of openings."""

from odoo import Command


class OpeningsToo:
    """Put it before :class:`BooksCase`."""

    def plain(self, method="fifo", valuation="real_time", **vals):
        """A product that Odoo itself costs."""
        category = self.env["product.category"].create(
            {
                "name": f"Plain {method} {valuation}",
                "property_cost_method": method,
                "property_valuation": valuation,
            }
        )
        return self.goods(categ_id=category.id, **vals)

    def opening(self, products, flow="fifo", valuation="perpetual_move", **vals):
        """A draft of the opening that switches the categories of products."""
        return self.env["wms.valuation.opening"].create(
            {
                "category_ids": [Command.set(products.categ_id.ids)],
                "cost_flow": flow,
                "valuation": valuation,
                "account_id": self.accounts["R"].id,
                **vals,
            }
        )
