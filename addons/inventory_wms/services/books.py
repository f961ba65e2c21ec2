"""Reading the books for accountants: which accounts hold the goods, and what the goods are worth.

Everything here is one SQL statement per question, whatever the number of products,
and every figure at a date is that of the journal's date.
"""

from odoo import api, fields, models

_MODELS = ("posting", "layer", "consumption", "deficit", "adjustment", "total", "restatement")


class WmsBooks(models.AbstractModel):
    _name = "wms.books"
    _description = "Accountant's reports of stock"

    def _flush(self):
        """Let SQL see what the transaction has written."""
        for name in _MODELS:
            self.env[f"wms.cost.{name}"].flush_model()
        for name in ("account.move", "account.move.line", "stock.move"):
            self.env[name].flush_model()

    @api.model
    def _download(self, name, content, record):
        """Offer a file to the user; it is kept with the record.

        :param content: bytes
        """
        record.check_access("read")
        # sudo: whoever may read a report may have it on paper, though nobody edits it.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _accountants(self, company):
        """Users who keep the books of a company."""
        # sudo: an accountant may not see which companies the others work for.
        group = self.env.ref("inventory_wms.group_accountant").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).sudo(False)

    def _day(self, day):
        """A day, today when none is given."""
        return fields.Date.to_date(day) or fields.Date.context_today(self)

    def _uses_ledger(self, company):
        """Whether goods of the company were ever costed at movement."""
        # sudo: the question is asked in the name of everyone who posts an entry.
        total = self.env["wms.cost.total"].sudo()
        return bool(total.search_count([("company_id", "=", company.id)], limit=1))

    @api.model
    def _category_accounts(self, company, role):
        """category id -> account id of a role, for categories costed at movement.

        :param role: ``valuation``, ``grni`` or ``shipped``
        """
        return self._accounts_of(self._costed_categories(company), company, role)

    def _costed_categories(self, company):
        # sudo: accounts are asked for by whoever posts an entry or sets a lock date.
        company = company.sudo()
        categories = (
            self.env["product.category"]
            .sudo()
            .with_company(company)
            .search([("property_valuation", "in", (False, "perpetual_move"))])
        )
        return categories.filtered(lambda categ: self._is_costed(categ, company))

    def _accounts_of(self, categories, company, role):
        """category id -> account id of a role, for these categories."""
        # sudo: as in _costed_categories.
        company = company.sudo()
        if role == "valuation":
            name, default = "property_stock_valuation_account_id", "account_stock_valuation_id"
        else:
            name = default = f"wms_{role}_account_id"
        field = categories._fields[name]
        return {
            categ.id: (
                categ[name] or field.get_company_dependent_fallback(categ) or company[default]
            ).id
            for categ in categories
        }

    def _is_costed(self, category, company):
        return (category.property_valuation or company.inventory_valuation) == "perpetual_move"

    def _place_accounts(self, company):
        """Location id -> account id, for places with a stock account of their own."""
        # sudo: as in _category_accounts.
        places = (
            self.env["stock.location"]
            .sudo()
            .search_fetch(
                [("company_id", "=", company.id), ("wms_stock_account_id", "!=", False)],
                ["wms_stock_account_id"],
            )
        )
        return {place.id: place.wms_stock_account_id.id for place in places}

    @api.model
    def _accounts(self, company, role):
        """Accounts that hold our goods in a role: ids."""
        found = set(self._category_accounts(company, role).values())
        if role == "valuation":
            found |= set(self._place_accounts(company).values())
        return sorted(found - {False})

    @api.model
    def _owners(self, company, role):
        """What decides on the account of a pool: a function (category id, place id) -> account id.

        A place with an own stock account wins over the category.
        """
        by_category = self._category_accounts(company, role)
        by_place = self._place_accounts(company) if role == "valuation" else {}
        return lambda category, place=None: by_place.get(place) or by_category.get(category)
