"""What the codes and names of an order file mean in this company: one query per kind."""

from odoo import models
from odoo.addons.inventory_wms.messages import parts
from odoo.fields import Domain

from ..engine.order_file import BadRow, Flaw

AMBIGUOUS, NOT_SOLD = -1, -2


class ChannelOrderLookup(models.AbstractModel):
    _name = "channel.order.lookup"
    _description = "Articles, carriers and customers of orders"

    def _products(self, account, skus):
        """The article of each internal reference.

        :return: dict sku -> product id, :data:`AMBIGUOUS` or :data:`NOT_SOLD`
        """
        products = self.env["product.product"].with_context(active_test=False)
        domain = self._in_company(account) & Domain("default_code", "in", list(skus))
        found = {}
        for product in products.search_fetch(domain, ["default_code", "active", "sale_ok"]):
            found.setdefault(product.default_code, []).append(product)
        return {sku: self._choose(candidates) for sku, candidates in found.items()}

    def _choose(self, candidates):
        sold = [product for product in candidates if product.active and product.sale_ok]
        if not sold:
            return NOT_SOLD
        return sold[0].id if len(sold) == 1 else AMBIGUOUS

    def _carriers(self, account, names):
        """The delivery method of each name in the file (exact name).

        :return: dict name -> delivery.carrier id
        """
        carriers = self.env["delivery.carrier"].search(
            self._in_company(account) & Domain("name", "in", list(names)),
            order="company_id DESC NULLS LAST, sequence DESC, id DESC",
        )
        return {carrier.name: carrier.id for carrier in reversed(carriers)}

    def _customers(self, account, names):
        """The customer of each name; missing ones are created in the channel's company.

        :return: dict name -> res.partner id
        """
        partners = self.env["res.partner"].search_fetch(
            self._in_company(account)
            & Domain("name", "in", list(names))
            & Domain("parent_id", "=", False),
            ["name"],
            order="company_id DESC NULLS LAST, id DESC",
        )
        found = {partner.name: partner.id for partner in partners}
        missing = sorted(set(names) - found.keys())
        created = self.env["res.partner"].create(
            [{"name": name, "company_id": account.company_id.id} for name in missing]
        )
        return found | dict(zip(missing, created.ids, strict=True))

    def _in_company(self, account):
        return Domain("company_id", "in", [False, account.company_id.id])

    def _split(self, rows, products, carriers):
        """Rows whose article and carrier are known, and the others with their flaws."""
        good, bad = [], []
        for row in rows:
            flaws = self._flaws(row, products, carriers)
            if flaws:
                bad.append(BadRow(row.row, row.order_ref, tuple(flaws)))
            else:
                good.append(row)
        return good, bad

    def _flaws(self, row, products, carriers):
        codes = {None: "sku_unknown", AMBIGUOUS: "sku_ambiguous", NOT_SOLD: "sku_not_sold"}
        code = codes.get(products.get(row.sku))
        flaws = [Flaw("sku", code, {"sku": row.sku})] if code else []
        if row.carrier and row.carrier not in carriers:
            flaws.append(Flaw("carrier", "carrier_unknown", {"carrier": row.carrier}))
        return flaws

    def _words(self, flaw):
        """What is wrong and what to do, in the user's language."""
        words = parts(self.env, flaw.code, flaw.params)
        what = f"{words['title']} {words['detail']}".strip()
        return {"what": what, "next_step": words["next"]}
