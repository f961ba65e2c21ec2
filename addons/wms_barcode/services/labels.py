"""Labels of records as printer text: reads the facts, lets the engine draw."""

from odoo import models
from odoo.exceptions import UserError

from ..engine.label_layout import BinFacts, bin_label
from ..engine.zpl import LabelError


class WmsLabels(models.AbstractModel):
    _name = "wms.labels"
    _description = "Labels"

    def _bins(self, bins, size):
        """ZPL of the labels of bins (stock.location) in the order given.

        :param size: ``LabelSize``; a UserError names the bin that cannot be printed at that size
        """
        return "".join(self._bin(location, size) for location in bins)

    def _bin(self, location, size):
        zone = location.location_id
        facts = BinFacts(
            code=location.name,
            barcode=location.barcode or location.name,
            aisle=location.wms_aisle or "",
            bay=location.wms_bay or "",
            level=location.wms_level or "",
            slot=location.wms_slot or "",
            check=location.wms_check_digit or "",
            zone=zone.name if zone.wms_kind == "zone" else "",
        )
        try:
            return bin_label(facts, size)
        except LabelError as error:
            raise UserError(self._sentence(location, error)) from error

    def _sentence(self, location, error):
        """What is wrong with a label, and what to do."""
        sentences = {
            "bad_charset": self.env._(
                "The bar code of %(bin)s has signs that Code 128 cannot hold: %(text)s. Use"
                " letters without accents, digits and punctuation."
            ),
            "too_wide": self.env._(
                "The bar code of %(bin)s is too long for this label. Choose a wider label or a"
                " shorter bar code."
            ),
            "too_long": self.env._("A text on the label of %(bin)s is too long. Shorten it."),
        }
        sentence = sentences.get(
            error.code, self.env._("The label of %(bin)s cannot be printed at this size.")
        )
        return sentence % {**error.params, "bin": location.display_name}
