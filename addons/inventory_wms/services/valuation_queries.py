"""What core and the screens ask: value of products, open receipts, cost of the next units."""

from collections import defaultdict

from odoo import api, fields, models

from ..engine import cost_layers
from .valuation_numbers import Numbers, PoolKey


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    @api.model
    def _fill_values(self, products):
        """Set ``total_value`` and ``avg_cost`` as core computes them, from our totals."""
        company = self.env.company
        at_date = fields.Date.to_date(products.env.context.get("to_date") or False)
        values = self._values_at(products, at_date) if at_date else self._values_now(products)
        here = self._quantities(products) if products.env.context.get("warehouse_id") else None
        for product in products:
            qty, value = values.get(product.id, (0.0, 0.0))
            if here is not None:
                part = here.get(product.id, 0.0)
                qty, value = part, (value * part / qty if qty else 0.0)
            product.company_currency_id = company.currency_id
            product.total_value = company.currency_id.round(value)
            product.avg_cost = value / qty if not product.uom_id.is_zero(qty) else 0

    def _values_now(self, products):
        # sudo: core computes these as superuser too; who may see them is the field's matter.
        rows = (
            self.env["wms.cost.total"]
            .sudo()
            ._read_group(
                [("company_id", "=", self.env.company.id), ("product_id", "in", products.ids)],
                ["product_id"],
                ["qty:sum", "value:sum"],
            )
        )
        return {product.id: (qty, value) for product, qty, value in rows}

    @api.model
    def _fill_lot_values(self, lots):
        """Set ``total_value`` of lots as core computes it, from our totals of now."""
        company = self.env.company
        # sudo: as in _values_now.
        rows = (
            self.env["wms.cost.total"]
            .sudo()
            ._read_group(
                [("company_id", "=", company.id), ("lot_id", "in", lots.ids)],
                ["lot_id"],
                ["value:sum"],
            )
        )
        values = {lot.id: value for lot, value in rows}
        for lot in lots:
            lot.company_currency_id = company.currency_id
            lot.total_value = values.get(lot.id, 0)

    def _values_at(self, products, day):
        """Value as journalised up to a day, and the units that it belongs to."""
        # sudo: as in _values_now.
        return self.env["wms.books"].sudo()._values(self.env.company, day, products.ids)

    def _quantities(self, products):
        # core's _with_valuation_context does the same, but for one product only
        valued = self.env["stock.location"].search([("is_valued_internal", "=", True)])
        owned = products.sudo(False).with_context(
            location=valued.ids, owners=[False, self.env.company.partner_id.id]
        )
        return {product.id: product.qty_available for product in owned}

    @api.model
    def _remaining_by_move(self, products):
        """product -> {stock move: units of its receipt still on hand}."""
        # sudo: as in _values_now.
        rows = (
            self.env["wms.cost.layer"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", self.env.company.id),
                    ("product_id", "in", products.ids),
                    ("remaining_qty", ">", 0),
                ],
                ["product_id", "kind", "move_id", "root_layer_id", "remaining_qty"],
                order="id",
            )
        )
        found = defaultdict(lambda: defaultdict(float))
        for row in rows:
            move = row.root_layer_id.move_id if row.kind == "transfer" else row.move_id
            if move:
                found[row.product_id.with_env(self.env)][move.with_env(self.env)] += (
                    row.remaining_qty
                )
        return {product: dict(moves) for product, moves in found.items()}

    @api.model
    def _estimate(self, product, quantity, lot=None):
        """What the next units would cost, without taking them (company currency).

        Exact for a product with one pool or for one lot; else at the average of its pools.
        """
        numbers = Numbers.of(self.env)
        qty = numbers.qty(quantity)
        if qty <= 0:
            return quantity * product.standard_price
        # sudo: as in _values_now.
        service = self.sudo()
        product = product.sudo()
        domain = [("company_id", "=", self.env.company.id), ("product_id", "=", product.id)]
        if lot and product.lot_valuated:
            domain.append(("lot_id", "=", lot.id))
        pools = service.env["wms.cost.total"].search([*domain, ("qty", ">", 0)])
        if not pools:
            return quantity * product.standard_price
        if len(pools) > 1:
            return quantity * sum(pools.mapped("value")) / sum(pools.mapped("qty"))
        key = PoolKey(product, pools.lot_id, pools.place_id)
        totals = {key: ((pools.id, 0), numbers.qty(pools.qty), numbers.minor(pools.value))}
        layers = service._read_layers({key: (qty, ())}, totals, numbers)
        pool = cost_layers.Pool(
            product._wms_cost_flow(),
            tuple(cost_layers.Layer(*layer) for layer in sorted(layers[pools.id].values())),
            (),
            *totals[key][1:],
        )
        issued = cost_layers.issue(pool, 0, qty, numbers.fraction(product.standard_price))
        return numbers.amount(issued.value)

    # -------------------------------------------------------------- goods on hand
    @api.model
    def _products_with_stock(self, products):
        """The products among these that lie in a valued place, or whose layers are open."""
        if not products:
            return products
        quants = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("company_id", "=", self.env.company.id),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", "!=", 0),
            ],
            ["product_id"],
        )
        totals = self.env["wms.cost.total"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("product_id", "in", products.ids),
                ("qty", "!=", 0),
            ]
        )
        found = {product.id for (product,) in quants} | set(totals.product_id.ids)
        return products.filtered(lambda product: product.id in found)
