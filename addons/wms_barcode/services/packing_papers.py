"""What is printed for a packed order: the slip goes into the box, the label on it."""

import io

from odoo import models
from odoo.addons.inventory_wms.services.pdf_table import Column, Document, Section, draw
from odoo.addons.inventory_wms.services.tasks import _text
from odoo.exceptions import UserError
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ..engine.label_layout import PARCEL, PackageFacts, package_label
from ..engine.zpl import LabelError, check_code128, plain

KINDS = {"slip.pdf": "application/pdf", "label.pdf": "application/pdf", "label.zpl": "text/plain"}
# marks a symbol as GS1 in reportlab's alphabet
FNC1 = "\xf1"


class WmsPackingShipping(models.AbstractModel):
    _inherit = "wms.packing.shipping"

    def _papers(self, picking, boxes):
        titles = {
            "label.pdf": self.env._("Labels"),
            "slip.pdf": self.env._("Packing slip"),
            "label.zpl": self.env._("Labels for the label printer"),
        }
        papers = [
            {"kind": kind, "name": name, "url": f"/wms/pack/{picking.id}/{kind}"}
            for kind, name in titles.items()
        ]
        return super()._papers(picking, boxes) + papers


class WmsPackingPapers(models.AbstractModel):
    _name = "wms.packing.papers"
    _description = "Slips and labels of packed orders"

    def _paper(self, picking, kind):
        """One document as bytes.

        :param picking: a shipped transfer with packages
        :param kind: a key of ``KINDS``
        """
        make = {"slip.pdf": self._slip, "label.pdf": self._label_pdf, "label.zpl": self._label_zpl}
        return make[kind](picking)

    def _boxes(self, picking):
        return picking.wms_pack_box_ids.filtered("package_id")

    # --------------------------------------------------------------------------- slip
    def _slip(self, picking):
        """The packing slip: what is in each box, and what follows later."""
        boxes = self._boxes(picking)
        day = picking.date_done or picking.scheduled_date
        notes = [
            picking.company_id.name,
            self.env._("To: %s", ", ".join(self._address(picking))),
            self.env._("Order %(order)s, delivery %(name)s, %(day)s",
                order=picking.origin or picking.name, name=picking.name,
                day=day.strftime("%d %b %Y").lstrip("0")),
        ]  # fmt: skip
        sections = [
            self._box_section(box, number, len(boxes)) for number, box in enumerate(boxes, 1)
        ]
        later = picking.backorder_ids.move_ids.filtered(lambda move: move.state != "cancel")
        if later:
            rows = [
                [move.product_id.default_code or "", move.product_id.name, "",
                 _text(move.product_qty), move.product_id.uom_id.name]
                for move in later
            ]  # fmt: skip
            sections.append(Section(self.env._("Follows later"), self._columns(), rows))
        title = self.env._("Packing slip %s", picking.origin or picking.name)
        return draw(Document(title, notes, sections, footer=picking.company_id.name))

    def _columns(self):
        return [
            Column(self.env._("Code"), 2),
            Column(self.env._("Product"), 5),
            Column(self.env._("Lot or serial number"), 3),
            Column(self.env._("Quantity"), 1.4, number=True),
            Column(self.env._("Unit"), 1),
        ]

    def _box_section(self, box, number, count):
        title = self.env._("Box %(number)s of %(count)s", number=number, count=count)
        facts = [title, box.package_type_id.name, box.package_id.name]
        if box.weight or box.expected_weight:
            facts.append(self._weight(box))
        packed = {}
        for item in box.item_ids:
            key = (item.product_id, item.lot_id)
            packed[key] = packed.get(key, 0.0) + item.quantity
        rows = [
            [product.default_code or "", product.name, lot.name or "", _text(quantity),
             product.uom_id.name]
            for (product, lot), quantity in packed.items()
        ]  # fmt: skip
        return Section(" · ".join(fact for fact in facts if fact), self._columns(), rows)

    def _weight(self, box):
        return f"{(box.weight or box.expected_weight) / 1000:.2f} kg"

    def _address(self, picking):
        """Lines of where the order goes, without blanks and without the country of the sender."""
        partner = picking.partner_id
        if not partner:
            return [picking.location_dest_id.name]
        text = partner._display_address(without_company=True)
        name = partner.name or partner.parent_id.name or ""
        return [line.strip() for line in [name, *text.splitlines()] if line.strip()]

    # -------------------------------------------------------------------------- labels
    def _facts(self, picking):
        boxes = self._boxes(picking)
        return [
            PackageFacts(
                code=box.package_id.name,
                order=picking.origin or picking.name,
                box=number,
                of=len(boxes),
                sender=picking.company_id.name,
                address=tuple(self._address(picking)),
                weight=self._weight(box) if box.weight or box.expected_weight else "",
            )
            for number, box in enumerate(boxes, 1)
        ]

    def _words(self):
        words = {"to": self.env._("To"), "order": self.env._("Order"), "box": self.env._("Box")}
        return {**words, "weight": self.env._("Weight")}

    def _label_zpl(self, picking):
        """The labels of all boxes as printer text."""
        try:
            labels = [package_label(facts, self._words()) for facts in self._facts(picking)]
        except LabelError as error:
            raise UserError(self._sentence(error)) from error
        return "".join(labels).encode("ascii")

    def _label_pdf(self, picking):
        """The same labels, one page of 100 x 150 mm each, as vectors."""
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=(PARCEL.width * mm, PARCEL.height * mm))
        canvas.setTitle(self.env._("Labels of %s", picking.name))
        for facts in self._facts(picking):
            try:
                self._draw_label(canvas, facts, self._words())
            except LabelError as error:
                raise UserError(self._sentence(error)) from error
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    def _draw_label(self, canvas, facts, words):
        """One page; places in mm from the top left corner, as in the printer's label."""

        def write(x, y, text, size, bold=False):
            font = "Helvetica-Bold" if bold else "Helvetica"
            text = plain(text)
            wide = canvas.stringWidth(text, font, size * mm)
            size *= min(1, (PARCEL.width - x - 4) * mm / wide) if wide else 1
            canvas.setFont(font, size * mm)
            canvas.drawString(x * mm, (PARCEL.height - y - size) * mm, text)

        write(4, 5, facts.sender, 4)
        write(4, 13, words["to"], 3)
        for number, line in enumerate(facts.address[:6]):
            write(4, 17 + 6.5 * number, line, 5.2, bold=True)
        canvas.rect(4 * mm, 89 * mm, 92 * mm, 0.3 * mm, fill=1)
        write(4, 63, words["order"], 3)
        write(4, 67, facts.order, 7, bold=True)
        write(54, 63, words["box"], 3)
        write(54, 67, f"{facts.box} / {facts.of}", 7, bold=True)
        write(4, 78, f"{words['weight']} {facts.weight}" if facts.weight else "", 5)
        canvas.rect(4 * mm, 59 * mm, 92 * mm, 0.3 * mm, fill=1)
        text = f"{FNC1}00{facts.code}" if facts.is_sscc else check_code128(facts.code)
        bars = Code128(text, barHeight=36 * mm, barWidth=0.5 * mm, quiet=False)
        if bars.width > (PARCEL.width - 10) * mm:
            bars = Code128(text, barHeight=36 * mm, barWidth=0.25 * mm, quiet=False)
        if bars.width > (PARCEL.width - 6) * mm:
            raise LabelError("too_wide", text=facts.code)
        bars.drawOn(canvas, (PARCEL.width * mm - bars.width) / 2, 20 * mm)
        write(4, 134, facts.spoken, 6)

    def _sentence(self, error):
        return self.env._(
            "The label cannot be printed: the package's name %(text)s is too long or has signs "
            "that a bar code cannot hold. Set a GS1 company prefix, or name packages shorter.",
            text=error.params.get("text", ""),
        )
