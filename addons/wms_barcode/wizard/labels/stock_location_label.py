import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.label_layout import LabelSize

# width x height in millimetres
SIZES = [
    ("100x50", "100 x 50 mm"),
    ("75x50", "75 x 50 mm"),
    ("57x32", "57 x 32 mm"),
    ("50x25", "50 x 25 mm"),
]


class StockLocationLabel(models.TransientModel):
    _name = "stock.location.label"
    _description = "Print bin labels"

    location_ids = fields.Many2many(
        "stock.location", string="Bins", default=lambda self: self._default_location_ids()
    )
    count = fields.Integer("Labels", compute="_compute_count")
    size = fields.Selection(SIZES, required=True, default="100x50")
    dpi = fields.Selection(
        [("203", "203 dpi"), ("300", "300 dpi")],
        "Printer",
        required=True,
        default="203",
        help="Dots per inch; it stands on the printer's type plate.",
    )
    data = fields.Binary("File", attachment=False, readonly=True)

    def _default_location_ids(self):
        if self.env.context.get("active_model") != "stock.location":
            return False
        return self.env["stock.location"].browse(self.env.context.get("active_ids"))

    @api.depends("location_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard._bins())

    def _bins(self):
        """The bins in natural order; locations that are no bins have no label."""
        domain = Domain("id", "in", self.location_ids.ids) & Domain("wms_kind", "!=", False)
        return self.env["stock.location"].search(domain, order="wms_sort_key, id")

    def action_print(self):
        """Build the labels and download them as one file for the label printer."""
        self.ensure_one()
        bins = self._bins()
        if not bins:
            raise UserError(
                self.env._("No bin is chosen. Mark bins in the list, then choose Print labels.")
            )
        width, height = self.size.split("x")
        size = LabelSize(float(width), float(height), int(self.dpi))
        self.data = base64.b64encode(self.env["wms.labels"]._bins(bins, size).encode("ascii"))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/data?download=true&filename=bins.zpl",
            "target": "download",
        }
