"""Boxes for transfers: reads sizes and weights, lets the engine place, tells it in JSON.

Used twice with the same code: before packing for what is reserved (on the transfer's form), and
at the packing station for what is not in a box yet.
"""

import math

from odoo import models
from odoo.fields import Domain

from ..engine.cartons import Box, Item, Limits, plan
from .tasks import _text

# more pieces are packed by eye: a drawing of them helps nobody
MOST_PIECES = 120


class WmsCartons(models.AbstractModel):
    _name = "wms.cartons"
    _description = "Boxes for transfers"

    # ------------------------------------------------------------------- facts
    def _limits(self, picking):
        """What the carrier of a transfer takes per parcel; add-ons with carriers extend this.

        :return: ``Limits`` in g and mm
        """
        return Limits()

    def _box_types(self, company):
        """Package types that a packer may choose: disposable, with sizes.

        :return: stock.package.type, in the order of their list
        """
        domain = (
            Domain("package_use", "=", "disposable")
            & Domain("company_id", "in", [company.id, False])
            & Domain("packaging_length", ">", 0)
            & Domain("width", ">", 0)
            & Domain("height", ">", 0)
        )
        return self.env["stock.package.type"].search(domain)

    def _boxes(self, types):
        """The types as boxes of the engine; those without room inside are left out."""
        to_mm = self._factor(
            self.env["product.template"]._get_length_uom_id_from_ir_config_parameter(),
            self.env.ref("uom.product_uom_millimeter"),
        )
        boxes = []
        for kind in types:
            outer = (kind.packaging_length, kind.width, kind.height)
            inner = [int(side * to_mm + 1e-6) - 2 * kind.wms_wall for side in outer]
            if min(inner) <= 0:
                continue
            boxes.append(
                Box(
                    kind.id,
                    *inner,
                    tare=self._grams(kind.base_weight),
                    max_weight=self._grams(kind.max_weight) if kind.max_weight else None,
                    cost=kind.wms_cost,
                    wall=kind.wms_wall,
                )
            )
        return boxes

    def _items(self, contents):
        """Pieces of the engine.

        :param contents: list of (product, quantity in the product's unit)
        :return: (items with key (product id, number), names of products without sizes)
        """
        items, guessed = [], []
        for product, quantity in contents:
            sides, known = self._sides(product)
            if not known:
                guessed.append(product.display_name)
            whole = max(1, math.ceil(quantity - 1e-9))
            weight = self._grams(product.weight) * quantity / whole
            items += [
                Item(
                    (product.id, len(items) + number),
                    *sides,
                    weight=weight,
                    upright=product.wms_upright,
                    stackable=not product.wms_nothing_on_top,
                )
                for number in range(whole)
            ]
        return items, guessed

    def _sides(self, product):
        """(length, width, height) in mm and whether they are known; else a cube of the volume."""
        sides = (product.wms_length, product.wms_width, product.wms_height)
        if all(sides):
            return sides, True
        volume_uom = self.env["product.template"]._get_volume_uom_id_from_ir_config_parameter()
        litres = product.volume * self._factor(volume_uom, self.env.ref("uom.product_uom_litre"))
        side = max(1, math.ceil(100 * litres ** (1 / 3) - 1e-6))
        return (side, side, side), False

    def _grams(self, weight):
        """A weight in Odoo's own unit (kg or lb, a system setting) in grams."""
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        return weight * self._factor(unit, self.env.ref("uom.product_uom_gram"))

    def _from_grams(self, grams):
        """Grams in Odoo's own unit of weights."""
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        return grams / self._factor(unit, self.env.ref("uom.product_uom_gram"))

    def _factor(self, unit, target):
        return unit._compute_quantity(1.0, target, round=False)

    # --------------------------------------------------------------- proposals
    def _propose(self, picking, contents):
        """Boxes for contents of a transfer.

        :param contents: list of (product, quantity)
        :return: ``{"boxes": [...], "left": [names], "guessed": [names]}``, or None when there are
            no box types or too many pieces; a box has ``type_id``, ``name``, ``weight`` (g),
            ``filled`` (percent), ``inner`` (mm) and ``pieces`` with product, place and sides (mm)
        """
        # sums first: a bulk order must not become thousands of items
        pieces = sum(max(1, math.ceil(quantity - 1e-9)) for _product, quantity in contents)
        types = self._box_types(picking.company_id)
        boxes = self._boxes(types) if contents and pieces <= MOST_PIECES else []
        if not boxes:
            return None
        items, guessed = self._items(contents)
        found = plan(items, boxes, self._limits(picking))
        names = {product.id: product.display_name for product, _quantity in contents}
        return {
            "boxes": [self._box_json(packed, types) for packed in found.boxes],
            "left": sorted({names[item.key[0]] for item in found.left}),
            "guessed": guessed,
        }

    def _box_json(self, packed, types):
        kind = types.browse(packed.box.key)
        return {
            "type_id": kind.id,
            "name": kind.name,
            "weight": round(packed.weight),
            "filled": round(100 * packed.filled),
            "inner": list(packed.box.inner),
            "pieces": [
                {
                    "product_id": one.item.key[0],
                    "at": [one.x, one.y, one.z],
                    "sides": [one.length, one.width, one.height],
                }
                for one in packed.placed
            ],
        }

    def _boxes_text(self, picking):
        """The proposal for what is reserved in one line: ``M, S (weights and sizes known)``."""
        if picking.picking_type_code != "outgoing" or picking.state in ("done", "cancel"):
            return ""
        lines = picking.move_line_ids
        contents = [
            (product, sum(of_product.mapped("quantity_product_uom")))
            for product, of_product in lines.grouped("product_id").items()
        ]
        proposal = self._propose(picking, contents)
        if not proposal:
            return ""
        names = [box["name"] for box in proposal["boxes"]]
        counted = [
            name if names.count(name) == 1 else f"{_text(names.count(name))} × {name}"
            for name in dict.fromkeys(names)
        ]
        text = ", ".join(counted)
        if proposal["left"]:
            left = ", ".join(proposal["left"])
            text = self.env._("%(boxes)s; no box for %(left)s", boxes=text or "–", left=left)
        if proposal["guessed"]:
            guessed = ", ".join(proposal["guessed"][:3])
            text = self.env._("%(boxes)s (sizes guessed: %(names)s)", boxes=text, names=guessed)
        return text
