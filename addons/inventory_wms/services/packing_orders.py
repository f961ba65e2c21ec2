"""Which order a code at the packing station means, what must be in it, what a scan is."""

from odoo import models
from odoo.fields import Domain

from ..exceptions import Refusal

# what may be packed: reserved, also partly
_READY = ("assigned", "confirmed", "waiting")


class WmsPackingOrders(models.AbstractModel):
    _name = "wms.packing.orders"
    _description = "Orders at the packing station"

    # ------------------------------------------------------------------- which order
    def _find(self, code):
        """The transfer a code stands for: order, wave, slot of a cart (``CART1-B2``), package.

        Of a wave the next order that is not shipped, in the order of its slots.

        :raises Refusal: ``pack_unknown``; ``already_shipped`` when all of it is gone
        """
        found = self._by_order(code) or self._by_wave(code)
        found = found or self._by_slot(code) or self._by_package(code)
        waiting = found.filtered(lambda picking: picking.state not in ("done", "cancel"))
        if found and not waiting:
            raise Refusal("already_shipped")
        if not waiting:
            raise Refusal("pack_unknown", scanned=code)
        return waiting.sorted(
            lambda picking: (picking.state != "assigned", picking.wms_cart_slot or "", picking.id)
        )[0]

    def _search(self, domain):
        # companies number their transfers alike: the station's company is meant
        here = Domain("company_id", "=", self.env.company.id)
        here &= Domain("picking_type_code", "in", ("outgoing", "internal"))
        return self.env["stock.picking"].search(here & domain, limit=100)

    def _by_order(self, code):
        found = self._search(Domain("name", "=", code) | Domain("origin", "=", code))
        # one order may have several steps; the customer's parcel is packed in the last one
        leaving = found.filtered(lambda picking: picking.picking_type_code == "outgoing")
        return leaving or found

    def _by_wave(self, code):
        waves = Domain("batch_id.name", "=", code) & Domain("batch_id.state", "!=", "cancel")
        return self._search(waves)

    def _by_slot(self, code):
        """Cart and slot in one code, with a dash or a slash between them."""
        for sign in ("-", "/"):
            cart, _sign, slot = code.rpartition(sign)
            if not cart:
                continue
            found = self._search(
                Domain("batch_id.wms_cart_id.name", "=", cart)
                & Domain("wms_cart_slot", "=", slot)
                & Domain("batch_id.state", "=", "in_progress")
            )
            if found:
                return found
        return self.env["stock.picking"]

    def _by_package(self, code):
        """A tote that the goods lie in, or were picked into."""
        packages = Domain("package_id.name", "=", code) | Domain(
            "result_package_id.name", "=", code
        )
        packages &= Domain("company_id", "=", self.env.company.id)
        lines = self.env["stock.move.line"].search(
            packages & Domain("state", "not in", ("done", "cancel")), limit=100
        )
        return lines.picking_id

    def _check_ready(self, picking, command):
        """Only what is reserved and picked is packed, by those who may.

        :raises Refusal: ``already_shipped``, ``pack_not_ready``, ``pack_on_hold``,
            ``pack_not_picked``, ``not_allowed``
        """
        if picking.state == "done":
            raise Refusal("already_shipped")
        lines = picking.move_line_ids
        if picking.state not in _READY or not lines:
            states = dict(picking._fields["state"]._description_selection(self.env))
            raise Refusal("pack_not_ready", order=picking.name, state=states[picking.state])
        if picking.wms_hold:
            reason = picking.wms_hold_reason_id.name or picking.wms_hold_note or "-"
            raise Refusal("pack_on_hold", order=picking.name, reason=reason)
        opened = lines.filtered(lambda line: line.wms_task_id._is_open and not line.picked)
        if opened:
            raise Refusal("pack_not_picked", order=picking.name, count=len(opened.wms_task_id))
        released = picking.batch_id or picking.move_ids.move_orig_ids
        if not command.is_lead and (not released or picking.picking_type_code == "incoming"):
            raise Refusal("not_allowed", op=command.op)

    # ------------------------------------------------------------------ what is in it
    def _contents(self, picking):
        """What lies in the tote: (product, lot) -> quantity in the product's unit."""
        contents = {}
        for line in picking.move_line_ids.sorted(lambda line: (line.product_id.id, line.id)):
            amount = self._amount(line)
            if line.product_id.uom_id.compare(amount, 0) > 0:
                key = (line.product_id, line.lot_id)
                contents[key] = contents.get(key, 0.0) + amount
        return contents

    def _amount(self, line):
        """What of a line is really there: of a wave what was scanned, else what is reserved."""
        if line.wms_task_id and not line.picked:
            return line.wms_scanned
        return line.quantity_product_uom

    # ----------------------------------------------------------------- what a scan is
    def _match(self, picking, barcode, number):
        """Product, lot and pieces that a scanned code means in this order.

        :param barcode: of the item, its packaging, or its serial or lot number
        :param number: serial or lot number scanned after the item, or None
        :return: (product.product, stock.lot, pieces of one scan)
        :raises Refusal: ``pack_other_order``, ``unknown_barcode``, ``pack_lot_needed``,
            ``pack_wrong_lot``
        """
        contents = self._contents(picking)
        for product, lot in contents:
            if lot and product.tracking != "none" and barcode == lot.name:
                return product, lot, 1.0
        products = {product.id: product for product, _lot in contents}
        product, pack = self._product_of(list(products.values()), barcode)
        if not product:
            self._refuse_stranger(picking, barcode)
        if product.tracking == "none":
            lots = [lot for other, lot in contents if other == product]
            return product, lots[0], pack
        return product, self._lot_of(contents, product, number), pack

    def _product_of(self, products, barcode):
        for product in products:
            if barcode in {product.barcode, product.default_code} - {False, ""}:
                return product, 1.0
        packaging = self.env["product.uom"].search(
            [("product_id", "in", [product.id for product in products]), ("barcode", "=", barcode)],
            limit=1,
        )
        product = packaging.product_id
        return product, packaging.uom_id._compute_quantity(1.0, product.uom_id) if product else 0.0

    def _lot_of(self, contents, product, number):
        """The lot of a scanned number; a line without one takes any known lot of the product."""
        lots = [lot for other, lot in contents if other == product]
        named = [lot for lot in lots if lot]
        if not number:
            raise Refusal("pack_lot_needed", product=product.display_name)
        for lot in named:
            if lot.name == number:
                return lot
        if len(named) < len(lots):
            lot = self.env["stock.lot"].search(
                [("product_id", "=", product.id), ("name", "=", number)], limit=1
            )
            if lot:
                return lot
        needed = ", ".join(lot.name for lot in named) or "-"
        raise Refusal("pack_wrong_lot", product=product.display_name, scanned=number, needed=needed)

    def _refuse_stranger(self, picking, barcode):
        """Say what the code is, so that the packer knows what is in his hand."""
        named = Domain("barcode", "=", barcode) | Domain("default_code", "=", barcode)
        product = self.env["product.product"].search(named, limit=1)
        lot = self.env["stock.lot"].search([("name", "=", barcode)], limit=1)
        product = product or lot.product_id
        if not product:
            raise Refusal("unknown_barcode", barcode=barcode)
        raise Refusal(
            "pack_other_order",
            scanned=product.display_name,
            order=picking.origin or picking.name,
        )
