"""From boxes to packages: lines are split by box, Odoo's packages made, the transfer shipped."""

from odoo import models

from ..engine.sscc import sscc
from .tasks import _text


class WmsPackingShipping(models.AbstractModel):
    _name = "wms.packing.shipping"
    _description = "Packages of packed orders"

    def _ship(self, picking, boxes, command):
        """Packages, shipment, documents.

        :param boxes: closed boxes with contents, in order
        :return: what ``ship.confirm`` answers, ``packages`` and ``papers``
        """
        self._spread(picking, boxes)
        for box in boxes:
            box.package_id = self._package(box)
            lines = picking.move_line_ids.filtered(
                lambda line, box=box: line.wms_pack_box_id == box
            )
            lines.result_package_id = box.package_id
        asked = {"batch_id": None, "picking_id": picking.id}
        asked |= {"partial": True, "anyway": True}
        result = self.env["wms.shipping"]._op_confirm(asked, command)
        return {
            **result,
            "packages": [
                {
                    "package_id": box.package_id.id,
                    "name": box.package_id.name,
                    "type": box.package_type_id.name or "",
                    "weight": _text(box.weight or box.expected_weight),
                    "box": number,
                    "of": len(boxes),
                }
                for number, box in enumerate(boxes, 1)
            ],
            "papers": self._papers(picking, boxes),
        }

    def _papers(self, picking, boxes):
        """Documents to print for a packed order; add-ons (labels, carriers) add theirs.

        :return: list of ``{"kind", "name", "url"}``
        """
        return []

    # ---------------------------------------------------------------------- packages
    def _package(self, box):
        """Odoo's package of a box, with its type and weight."""
        weight = box.weight or box.expected_weight
        return self.env["stock.package"].create(
            {
                "name": self._package_name(box),
                "package_type_id": box.package_type_id.id,
                "shipping_weight": self.env["wms.cartons"]._from_grams(weight),
            }
        )

    def _package_name(self, box):
        """An SSCC of the company, or None for Odoo's own numbering."""
        prefix = box.company_id.wms_gs1_prefix
        if not prefix:
            return None
        serial = int(self.env["ir.sequence"].next_by_code("wms.sscc"))
        return sscc(prefix, serial)

    # ------------------------------------------------------------------------- lines
    def _spread(self, picking, boxes):
        """Let every line say what is in one box; what is in none is given up."""
        parts = {}
        for box in boxes:
            for item in box.item_ids:
                parts.setdefault(item.product_id, []).append([box, item.lot_id, item.quantity])
        lines = picking.move_line_ids
        tasks = lines.wms_task_id
        # lines with a number first: what is left over may go to those without
        for line in lines.sorted(lambda line: (not line.lot_id, line.id)):
            self._cut(line, self._take(line, parts.get(line.product_id, [])))
        tasks._recount()

    def _take(self, line, parts):
        """The shares of boxes that this line covers: [(box, lot, quantity)]; takes them off."""
        uom = line.product_id.uom_id
        room = self.env["wms.packing.orders"]._amount(line)
        taken = []
        for part in parts:
            box, lot, quantity = part
            fits = not line.lot_id or lot == line.lot_id
            share = min(quantity, room)
            if not fits or uom.compare(share, 0) <= 0:
                continue
            part[2] = uom.round(quantity - share)
            room = uom.round(room - share)
            same = next((one for one in taken if one[:2] == [box, lot]), None)
            if same:
                same[2] += share
            else:
                taken.append([box, lot, share])
        return taken

    def _cut(self, line, shares):
        """One line for each share; a line without shares frees its stock."""
        if not shares:
            line.wms_scanned = 0  # it is not on the cart either, so nobody puts it back
            line.unlink()
            return
        first, *others = [self._line_values(line, *share) for share in shares]
        copied = {"wms_task_id": line.wms_task_id.id, "move_id": line.move_id.id}
        line.write(first)
        for values in others:
            line.copy({**values, **copied, "picking_id": line.picking_id.id})

    def _line_values(self, line, box, lot, quantity):
        uom = line.product_id.uom_id
        values = {"picked": True, "wms_pack_box_id": box.id}
        if line.wms_task_id:
            values["wms_scanned"] = quantity
        if uom.compare(quantity, line.quantity_product_uom) != 0:
            # the product's own unit: a share of a dozen is no round number of dozens
            values.update(quantity=quantity, product_uom_id=uom.id)
        if lot and lot != line.lot_id:
            values["lot_id"] = lot.id
        return values
