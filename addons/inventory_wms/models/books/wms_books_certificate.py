from odoo import api, fields, models

from ...services.books_certificate import digest
from ...services.pdf_table import Column, Document, Section, draw

SECTIONS = [
    ("stock", "Stock by product"),
    ("ledger", "Accounts"),
    ("grni", "Goods received, not invoiced"),
    ("check", "Checks"),
]

_TRIGGER = """
CREATE OR REPLACE FUNCTION wms_certificate_frozen() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'the rows of a certificate are frozen (%)', OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS wms_certificate_frozen ON wms_books_certificate_row;
CREATE TRIGGER wms_certificate_frozen BEFORE UPDATE OR DELETE ON wms_books_certificate_row
    FOR EACH ROW EXECUTE FUNCTION wms_certificate_frozen();
"""


class WmsBooksCertificate(models.Model):
    """Stock, accounts and open items at the end of a day, frozen, with a SHA-256 over the rows.

    The same figures come out again at any later time as long as nobody posts into the period.
    """

    _name = "wms.books.certificate"
    _description = "Year-end certificate of the stock"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("At the end of", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Made by", required=True, readonly=True)
    digest = fields.Char("SHA-256", readonly=True)
    value = fields.Monetary("Value of the stock", readonly=True)
    agrees = fields.Boolean("Ledger equals stock", readonly=True)
    row_ids = fields.One2many("wms.books.certificate.row", "certificate_id", "Rows")
    reproduced_on = fields.Datetime(readonly=True)
    reproduced = fields.Selection(
        [("same", "Same figures"), ("different", "Other figures")], readonly=True
    )

    def _compute_display_name(self):
        for certificate in self:
            certificate.display_name = self.env._("Certificate of %s", certificate.date)

    @api.model
    def _make(self, company, day):
        """Freeze the figures of a company at the end of a day."""
        # sudo: nobody writes certificates or their rows by hand.
        service = self.sudo().env["wms.books"].with_company(company)
        rows = service._certificate_rows(company, day)
        certificate = self.sudo().create(
            {
                "company_id": company.id,
                "date": day,
                "user_id": self.env.uid,
                "digest": digest(rows),
                "value": sum(float(row["value"]) for row in rows if row["section"] == "stock"),
                "agrees": all(
                    row["value"] == "0"
                    for row in rows
                    if row["key"] in ("check:difference", "check:pending")
                ),
            }
        )
        certificate.env["wms.books.certificate.row"].create(
            [row | {"certificate_id": certificate.id} for row in rows]
        )
        return certificate.sudo(False)

    def action_reproduce(self):
        """Compute the figures anew and compare them with the frozen ones."""
        self.ensure_one()
        self.check_access("read")
        # sudo: as in _make.
        service = self.sudo().env["wms.books"].with_company(self.company_id)
        rows = service._certificate_rows(self.company_id, self.date)
        same = digest(rows) == self.digest
        self.sudo().write(
            {
                "reproduced_on": fields.Datetime.now(),
                "reproduced": "same" if same else "different",
            }
        )
        text = self.env._("Reproduced: the same figures.")
        if not same:
            text = self.env._("Reproduced: these differ: %s", self._what_differs(rows))
        self.sudo().message_post(body=text)  # sudo: as in _make

    def _what_differs(self, rows):
        """The rows that were added, lost or changed, in words."""
        now = {row["key"]: (row["qty"], row["value"], row["label"]) for row in rows}
        then = {row.key: (row.qty, row.value, row.label) for row in self.row_ids}
        keys = [key for key in sorted(now | then) if now.get(key, ())[:2] != then.get(key, ())[:2]]
        found = []
        for key in keys[:20]:
            label = (now.get(key) or then[key])[2]
            old, new = (values.get(key, ("", "-"))[1] for values in (then, now))
            found.append(self.env._("%(row)s: %(old)s, now %(new)s", row=label, old=old, new=new))
        return "; ".join(found)

    def action_pdf(self):
        """Download the certificate on paper."""
        self.ensure_one()
        return self.env["wms.books"]._download(
            f"certificate_{self.date}.pdf", draw(self._document()), self
        )

    def _document(self):
        columns = [
            Column("", 5),
            Column("Quantity", 1.5, number=True),
            Column("Value", 2, number=True),
        ]
        sections = []
        for key, title in SECTIONS:
            rows = self.row_ids.filtered(lambda row, key=key: row.section == key)
            total = None
            if key in ("stock", "grni"):
                total = ["Total", "", f"{sum(float(row.value) for row in rows):.2f}"]
            sections.append(
                Section(title, columns, [[row.label, row.qty, row.value] for row in rows], total)
            )
        return Document(
            f"Stock at the end of {self.date}",
            [
                self.company_id.name,
                f"Made by {self.user_id.name} on {self.create_date:%Y-%m-%d %H:%M} UTC. "
                f"Amounts in {self.currency_id.name}.",
                f"SHA-256 of the rows: {self.digest}",
                "The hash covers section, key, quantity and value of every row. Computed again, "
                "the figures are the same unless somebody posted into the period.",
            ],
            sections,
            f"{self.company_id.name}, {self.date}, {self.digest}",
        )


class WmsBooksCertificateRow(models.Model):
    _name = "wms.books.certificate.row"
    _description = "Row of a certificate"
    _order = "id"
    _log_access = False

    certificate_id = fields.Many2one(
        "wms.books.certificate", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="certificate_id.company_id")
    section = fields.Selection(SECTIONS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="What the row is, without its name.")
    label = fields.Char(readonly=True)
    qty = fields.Char("Quantity", readonly=True)
    value = fields.Char(readonly=True)

    def init(self):
        """Let PostgreSQL keep the rows as they were."""
        self.env.cr.execute(_TRIGGER)
