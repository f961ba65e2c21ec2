"""A company that posts at the movement, for the tests of the books.

``goods(name, method)``, ``receive(product, qty, price)`` (a purchase, returned as its order),
``ship(product, qty)`` (a sale), ``bill(order, price)``, ``invoice(order)``, ``send_back(...)``.
:meth:`assertBooks` checks after every step that ledger = layers = quantities x cost.
"""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import Form

from ..services.valuation_numbers import Numbers


class BooksCase(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= (
            cls.env.ref("inventory_wms.group_manager")
            | cls.env.ref("inventory_wms.group_accountant")
            | cls.env.ref("purchase.group_purchase_manager")
            | cls.env.ref("sales_team.group_sale_manager")
        )
        cls.company = cls.env.company
        cls.env["wms.valuation"]._setup_company(cls.company)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.fifo = cls.category("fifo")
        cls.average = cls.category("average")
        cls.standard = cls.category("standard")
        cls.lifo = cls.category("lifo")
        cls.accounts = {
            "G": cls.company.wms_grni_account_id,
            "C": cls.company.wms_cogs_account_id,
            "X": cls.company.wms_variance_account_id,
            "L": cls.company.wms_count_account_id,
            "R": cls.company.wms_revaluation_account_id,
            "V": cls.company.account_stock_valuation_id,
        }
        cls.stock_accounts = cls.accounts["V"]

    @classmethod
    def category(cls, method):
        return cls.env["product.category"].create(
            {
                "name": f"At movement {method}",
                "property_cost_method": method,
                "property_valuation": "perpetual_move",
            }
        )

    @classmethod
    def goods(cls, name="Mug", method="fifo", **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "categ_id": getattr(cls, method).id,
                "taxes_id": False,
                "supplier_taxes_id": False,
                "invoice_policy": "delivery",
                **vals,
            }
        )

    @classmethod
    def purchase(cls, *lines, **vals):
        """A confirmed purchase order of (product, quantity, price) or dicts."""
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "order_line": [Command.create(cls._line(line)) for line in lines],
                **vals,
            }
        )
        order.button_confirm()
        return order

    @classmethod
    def _line(cls, line):
        if isinstance(line, dict):
            return line
        product, quantity, price = line
        return {
            "product_id": product.id,
            "product_qty": quantity,
            "price_unit": price,
            "tax_ids": False,
        }

    @classmethod
    def done(cls, picking, quantity=None):
        """Validate a transfer, of ``quantity`` units only if said; the rest becomes a backorder."""
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=[])._action_done()
        return picking

    def receive(self, product, quantity, price):
        order = self.purchase((product, quantity, price))
        self.done(order.picking_ids)
        self.assertBooks()
        return order

    @classmethod
    def sale(cls, product, quantity, price=50):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_b.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def ship(self, product, quantity):
        order = self.sale(product, quantity)
        self.done(order.picking_ids)
        self.assertBooks()
        return order

    def bill(self, order, price=None, quantity=None, post=True):
        order.action_create_invoice()
        bill = order.invoice_ids.sorted("id")[-1]
        bill.invoice_date = bill.date
        for line in bill.invoice_line_ids:
            if price is not None:
                line.price_unit = price
            if quantity is not None:
                line.quantity = quantity
        if post:
            bill.action_post()
            self.assertBooks()
        return bill

    def invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertBooks()
        return invoice

    def send_back(self, picking, quantity):
        """Return goods of a done transfer by the return wizard."""
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        )
        wizard = form.save()
        wizard.product_return_moves.quantity = quantity
        wizard.product_return_moves.to_refund = True
        back = wizard._create_return()
        self.done(back)
        self.assertBooks()
        return back

    def move(self, product, quantity, source, target, **vals):
        """Move goods between two locations without a transfer; the done move."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                **vals,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = quantity, True
        move._action_done()
        self.assertBooks()
        return move

    def land(self, pickings, amount, split="by_quantity", **vals):
        """Add a landed cost of one line to transfers and validate it."""
        freight = self.env["product.product"].create(
            {"name": "Freight", "type": "service", "landed_cost_ok": True}
        )
        line = {
            "name": "Freight",
            "product_id": freight.id,
            "price_unit": amount,
            "split_method": split,
            "account_id": self.freight_account().id,
        }
        cost = self.env["stock.landed.cost"].create(
            {"picking_ids": pickings.ids, "cost_lines": [Command.create(line)], **vals}
        )
        cost.button_validate()
        self.assertBooks()
        return cost

    def freight_account(self):
        """The account that freight bills are booked on (``F`` of the balances)."""
        if "F" not in self.accounts:
            account = self.company_data["default_account_expense"].copy({"name": "Freight"})
            self.accounts = self.accounts | {"F": account}
        return self.accounts["F"]

    def revalue(self, goods, kind="revaluation", cost=None, amount=None, **vals):
        """Decide by the wizard what goods (products, pools or layers) are worth."""
        sources = {
            "product.product": "product_ids",
            "wms.cost.total": "total_ids",
            "wms.cost.layer": "layer_ids",
        }
        wizard = self.env["wms.cost.revalue"].create(
            {
                "kind": kind,
                "entry": "amount" if cost is None else "cost",
                "reason": "Test",
                sources[goods._name]: goods.ids,
                **vals,
            }
        )
        wizard.line_ids.write({"new_cost": cost or 0, "new_amount": amount or 0})
        preview = wizard.amount
        document = self.env["wms.cost.revaluation"].browse(wizard.action_apply()["res_id"])
        self.assertBooks()
        self.assertAlmostEqual(document.amount, preview, 2)
        return document

    # ------------------------------------------------------------------ checks
    def flush_postings(self):
        """What the commit would do first."""
        self.env.cr.flush()

    def balance(self, role, product=None):
        self.flush_postings()
        domain = [("account_id", "=", self.accounts[role].id), ("parent_state", "=", "posted")]
        if product:
            domain.append(("product_id", "=", product.id))
        lines = self.env["account.move.line"].search(domain)
        return round(sum(lines.mapped("balance")), 2)

    def assertBalances(self, product=None, **wanted):
        self.assertEqual({role: self.balance(role, product) for role in wanted}, wanted)

    def layers(self, product):
        """Open layers as (quantity, value), oldest first."""
        rows = self.env["wms.cost.layer"].search(
            [("product_id", "=", product.id), ("remaining_qty", ">", 0)], order="id"
        )
        return [(row.remaining_qty, row.remaining_value) for row in rows]

    def owned(self, product):
        """Units of the company itself in its valued places."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("company_id", "=", self.company.id),
                ("location_id.usage", "in", ("internal", "transit")),
                ("owner_id", "in", (False, self.company.partner_id.id)),
            ]
        )
        return sum(quants.mapped("quantity"))

    def assertBooks(self):
        """Ledger = layers = quantities x cost, for every product costed at movement."""
        self.flush_postings()
        totals = (
            self.env["wms.cost.total"].sudo().search([("company_id", "=", self.env.company.id)])
        )
        stock = self.env["account.move.line"].search(
            [
                ("account_id", "in", self.stock_accounts.ids),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertAlmostEqual(sum(stock.mapped("balance")), sum(totals.mapped("value")), 2)
        for total in totals:
            rows = self.env["wms.cost.layer"].sudo().search([("total_id", "=", total.id)])
            missing = self.env["wms.cost.deficit"].sudo().search([("total_id", "=", total.id)])
            value = sum(rows.mapped("remaining_value")) - sum(missing.mapped("open_value"))
            qty = sum(rows.mapped("remaining_qty")) - sum(missing.mapped("open_qty"))
            self.assertAlmostEqual(total.value, value, 2)
            self.assertAlmostEqual(total.qty, qty, 4)
        for product, pools in totals.grouped("product_id").items():
            product.invalidate_recordset()
            value = sum(pools.mapped("value"))
            self.assertAlmostEqual(self.owned(product), sum(pools.mapped("qty")), 4)
            self.assertAlmostEqual(product.total_value, value, 2)
            moves = self.env["stock.move"].search(
                [("product_id", "=", product.id), ("company_id", "=", self.company.id)]
            )
            if total.opened_at:  # moves before the opening were valued by Odoo
                continue
            ins = sum(moves.filtered("is_in").mapped("value"))
            outs = sum(moves.filtered("is_out").mapped("value"))
            self.assertAlmostEqual(ins - outs, value, 2)
        self.assertOrders()

    def assertOrders(self):
        """What is open of an order line = received less billed, and worth 0 when that is 0."""
        layers = self.env["wms.cost.layer"].sudo().search([("purchase_line_id", "!=", False)])
        rows = self.env["wms.cost.adjustment"].sudo().search([("purchase_line_id", "!=", False)])
        back = self.env["wms.cost.consumption"].sudo().search([("refundable_qty", ">", 0)])
        for line in layers.purchase_line_id | rows.purchase_line_id:
            mine = back.filtered(lambda row, line=line: row.move_id.purchase_line_id == line)
            sides = [
                (1, "unbilled", layers.filtered_domain([("purchase_line_id", "=", line.id)])),
                (-1, "open", rows.filtered_domain([("purchase_line_id", "=", line.id)])),
                (-1, "refundable", mine),
            ]
            units, value = (
                sum(sign * sum(found.mapped(f"{name}_{what}")) for sign, name, found in sides)
                for what in ("qty", "value")
            )
            bought = sides[0][2].product_id | sides[1][2].product_id
            if bought <= line.product_id:  # a kit's units are those of its components
                self.assertAlmostEqual(units, self.units_due(line), 4, line.display_name)
            if not round(units, 4):
                self.assertAlmostEqual(value, 0, 2, line.display_name)

    def units_due(self, line):
        """Units of an order line received as ours and not billed, as its documents say."""
        done = line.move_ids.filtered(lambda move: move.state == "done")
        ours = done._wms_costed().move_line_ids.filtered(
            lambda row: not row._should_exclude_for_valuation()
        )
        received = sum(
            (-1 if row.location_dest_id.usage == "supplier" else 1) * row.quantity_product_uom
            for row in ours
        )
        numbers, service = Numbers.of(self.env), self.env["wms.valuation"]
        posted = line.invoice_lines.filtered(lambda row: row.parent_state == "posted")
        billed = sum(service._line_qty(row, numbers) for row in posted)
        return received - float(billed) - self.units_written_off(line)

    def units_written_off(self, line):
        """Units received and never to be billed, less those billed and never to come."""
        rows = self.env["wms.cost.adjustment"].sudo().search([("kind", "=", "writeoff")])
        back = rows.filtered("consumption_id")
        mine = rows.filtered_domain([("purchase_line_id", "=", line.id)])
        mine |= back.filtered(lambda row: row.consumption_id.move_id.purchase_line_id == line)
        return sum(-row.qty if row.consumption_id or row.origin_id else row.qty for row in mine)
