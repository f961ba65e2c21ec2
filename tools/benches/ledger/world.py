"""A company with books, categories by costing, and transfers of one move; with or without ours."""

from odoo import Command, modules

#: cost method -> what the category gets; plain Odoo has no LIFO
OURS = ("fifo", "lifo", "average")
CORE = ("fifo", "average")


class World:
    """Goods and transfers in the company of an environment.

    ``ours``: whether our add-ons are installed; ``clerk``: the environment of a stock user, in
    whose name everything is measured.
    """

    def __init__(self, odoo_env):
        self.env = odoo_env
        self.ours = "wms.valuation" in odoo_env
        company = odoo_env.company
        if not company.chart_template:
            odoo_env["account.chart.template"].try_loading("generic_coa", company)
        if self.ours:
            odoo_env["wms.valuation"]._setup_company(company)
        self.warehouse = odoo_env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        self.stock = self.warehouse.lot_stock_id
        self.vendors = odoo_env.ref("stock.stock_location_suppliers")
        self.customers = odoo_env.ref("stock.stock_location_customers")
        self.partner = odoo_env["res.partner"].create({"name": "Bench"})
        self.clerk = odoo_env(user=self._clerk().id)
        self.categories = {method: self._category(method) for method in self.methods}

    @property
    def methods(self) -> tuple[str, ...]:
        """The cost methods that are to be had here."""
        known = dict(self.env["product.category"]._fields["property_cost_method"].selection)
        return OURS if self.ours and "lifo" in known else CORE

    def _clerk(self):
        users = self.env["res.users"].with_context(no_reset_password=True)
        found = users.search([("login", "=", "bench")])
        groups = ("base.group_user", "stock.group_stock_user")
        return found or users.create(
            {
                "name": "Bench",
                "login": "bench",
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
                "group_ids": [Command.set([self.env.ref(group).id for group in groups])],
            }
        )

    def _category(self, method: str):
        name = f"Bench {method}"
        found = self.env["product.category"].search([("name", "=", name)], limit=1)
        return found or self.env["product.category"].create(
            {
                "name": name,
                "property_cost_method": method,
                "property_valuation": "perpetual_move" if self.ours else "real_time",
            }
        )

    def goods(self, method: str, names: list[str]):
        """Storable products of a cost method."""
        return self.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "categ_id": self.categories[method].id,
                    "standard_price": 10,
                }
                for name in names
            ]
        )

    def keep(self) -> None:
        """Commit; in a test, whose transaction is never kept, only what a commit does first."""
        if modules.module.current_test:
            self.env.cr.flush()
        else:
            self.env.cr.commit()

    def transfer(self, product, quantity: float, price: float | None):
        """A transfer ready to be validated: a receipt at a price, or a delivery (None)."""
        kind, ends = self.warehouse.in_type_id, (self.vendors, self.stock)
        if price is None:
            kind, ends = self.warehouse.out_type_id, (self.stock, self.customers)
        places = {"location_id": ends[0].id, "location_dest_id": ends[1].id}
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": price or 0,
            **places,
        }
        picking = self.env["stock.picking"].create(
            {"picking_type_id": kind.id, "move_ids": [Command.create(move)], **places}
        )
        picking.action_confirm()
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        return picking
