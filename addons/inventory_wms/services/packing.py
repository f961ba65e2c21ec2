"""The packing station: every scan puts goods into a box, a closed box is weighed, the last step
makes Odoo's packages and ships.

What is packed lives in our own rows until then: a half-packed order changes no stock, and may be
opened again at another station.  Workers pack what was picked for them: orders of waves, and
transfers that another transfer has fed; anything else is the lead's.
"""

from odoo import models

from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys
from .tasks import _text

_EPSILON = 1e-6


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        order = {"picking_id": "id"}
        takes = {
            "open": {"code": "text?", "picking_id": "id?"},
            "scan_item": order | {"barcode": "text", "quantity": "quantity?", "lot": "text?"},
            "next_box": order,
            "close_box": order
            | {"package_type_id": "id?", "weight": "quantity?", "accept": "bool?"},
            "undo": order,
            "finish": order | {"partial": "bool?"},
        }
        return super()._operations() | {
            f"pack.{verb}": Operation(
                service="wms.packing", handler=f"_op_{verb}", args=args, keys="_keys_of_order"
            )
            for verb, args in takes.items()
        }


class WmsPacking(models.AbstractModel):
    _name = "wms.packing"
    _description = "Packing station"

    def _keys_of_order(self, args):
        picking = self._asked_for(args)
        return LockKeys(
            picking.picking_type_id.warehouse_id.id,
            tuple(picking.move_ids.product_id.ids),
            (f"pack:{picking.id}", *(f"batch:{batch.id}" for batch in picking.batch_id)),
        )

    def _asked_for(self, args):
        """The transfer of a command, by its code or its id.

        :raises Refusal: ``pack_unknown``, ``not_found``, ``malformed``
        """
        if args.get("code"):
            # the door asks for the keys before there is a user: the company is checked later
            return self.env["wms.packing.orders"]._find(args["code"])
        if not args.get("picking_id"):
            raise Refusal("malformed", field="picking_id", problem="is missing")
        picking = self.env["stock.picking"].browse(args["picking_id"]).exists()
        if not picking:
            raise Refusal("not_found", what=self.env._("Transfer %(id)s", id=args["picking_id"]))
        return picking

    # ---------------------------------------------------------------- operations
    def _op_open(self, args, command):
        """Take an order to this station; half-packed ones come with their boxes."""
        picking = self._asked_for(args)
        command.check_company(picking)
        self.env["wms.packing.orders"]._check_ready(picking, command)
        self._put_aside(command.device, picking)
        picking.write({"wms_packer_id": command.user.id, "wms_pack_device_id": command.device.id})
        if not picking.wms_pack_box_ids:
            self._new_box(picking)
        self._note(picking, command)
        return self._order_json(picking)

    def _op_scan_item(self, args, command):
        """Put what was scanned into the current box: an addition with identity."""
        picking = self._open_order(args, command)
        product, lot, pack = self.env["wms.packing.orders"]._match(
            picking, args["barcode"], args["lot"]
        )
        quantity = float(args["quantity"] or 1) * pack
        self._check_quantity(picking, product, lot, quantity)
        box = self._current_box(picking) or self._new_box(picking)
        self.env["wms.pack.item"].create(
            {
                "box_id": box.id,
                "product_id": product.id,
                "lot_id": lot.id,
                "quantity": quantity,
                "command_id": command.id,
            }
        )
        self._note(picking, command, product=product, lot=lot, quantity=quantity)
        return {
            **self._order_json(picking),
            "put": {"product_id": product.id, "name": product.display_name, "box": box.number},
            "quantity": _text(quantity),
        }

    def _op_next_box(self, args, command):
        """Begin another box; the one before stays open until it is weighed."""
        picking = self._open_order(args, command)
        box = self._current_box(picking)
        if box and not box.item_ids:
            raise Refusal("pack_box_empty", box=box.number)
        self._new_box(picking)
        self._note(picking, command)
        return self._order_json(picking)

    def _op_close_box(self, args, command):
        """Close a box: its type, its weight in g, and whether that is as expected.

        The current one; while that is still empty, the one that was begun before it.
        """
        picking = self._open_order(args, command)
        opened = picking.wms_pack_box_ids.filtered(lambda box: box.state == "open")
        box = opened.filtered("item_ids")[-1:]
        if not box:
            raise Refusal("pack_box_empty", box=opened[-1:].number or "-")
        kind = self._type_of(picking, box, args["package_type_id"])
        check = self.env["wms.packing.weight"]
        values = check._checked(box, kind, args["weight"], bool(args["accept"]), command)
        box.write(
            {
                **values,
                "state": "closed",
                "package_type_id": kind.id,
                "closed_command_id": command.id,
            }
        )
        self._note(picking, command)
        return self._order_json(picking)

    def _op_undo(self, args, command):
        """Take the last step back: the last scan, or the closing of the last box."""
        picking = self._open_order(args, command)
        item = picking.wms_pack_box_ids.item_ids.sorted("id")[-1:]
        closed = picking.wms_pack_box_ids.filtered("closed_command_id").sorted(
            lambda box: box.closed_command_id.id
        )[-1:]
        if not item and not closed:
            raise Refusal("pack_nothing_to_undo", order=picking.name)
        if closed and closed.closed_command_id.id > item.command_id.id:
            undone = {"kind": "box", "box": closed.number}
            self._reopen(closed)
        else:
            undone = {"kind": "item", "name": item.product_id.display_name}
            undone["quantity"] = _text(item.quantity)
            item.unlink()
        self._note(picking, command)
        return {**self._order_json(picking), "undone": undone}

    def _op_finish(self, args, command):
        """Make packages of the boxes and ship; what is missing only with ``partial``."""
        picking = self._open_order(args, command)
        boxes = picking.wms_pack_box_ids.filtered("item_ids")
        if not boxes:
            raise Refusal("pack_nothing", order=picking.name)
        open_box = boxes.filtered(lambda box: box.state == "open")[:1]
        if open_box:
            raise Refusal("pack_box_open", box=open_box.number)
        missing = self._missing(picking)
        if missing and not args["partial"]:
            raise Refusal("pack_missing", what=", ".join(missing))
        waits = picking.picking_type_id.wms_short_policy == "wait"
        if missing and waits and not command.is_lead:
            raise Refusal("pack_waits", order=picking.name, what=", ".join(missing))
        (picking.wms_pack_box_ids - boxes).unlink()
        result = self.env["wms.packing.shipping"]._ship(picking, boxes, command)
        self._note(picking, command)
        return result

    def _put_aside(self, device, picking):
        """A station has one order open; its other one stays half packed until it is scanned."""
        others = self.env["stock.picking"].search(
            [
                ("wms_pack_device_id", "=", device.id),
                ("state", "not in", ("done", "cancel")),
                ("id", "!=", picking.id),
            ]
        )
        others.write({"wms_packer_id": False, "wms_pack_device_id": False})

    # --------------------------------------------------------------------- checks
    def _open_order(self, args, command):
        """The transfer that this station has open.

        :raises Refusal: ``already_shipped``, ``pack_not_open``, ``pack_taken``
        """
        picking = self._asked_for(args)
        command.check_company(picking)
        if picking.state == "done":
            raise Refusal("already_shipped")
        if not picking.wms_packer_id:
            raise Refusal("pack_not_open", order=picking.name)
        mine = (picking.wms_packer_id, picking.wms_pack_device_id)
        if mine != (command.user, command.device):
            raise Refusal("pack_taken", who=picking.wms_packer_id.name, order=picking.name)
        self.env["wms.packing.orders"]._check_ready(picking, command)
        return picking

    def _check_quantity(self, picking, product, lot, quantity):
        uom = product.uom_id
        if abs(uom.round(quantity) - quantity) > 1e-9:
            raise Refusal("quantity_step", quantity=_text(quantity), uom=uom.name)
        serial = product.tracking == "serial"
        if serial and uom.compare(quantity, 1) != 0:
            raise Refusal("pack_serial_one", product=product.display_name, quantity=_text(quantity))
        packed = self._packed(picking)
        if serial and packed.get((product, lot)):
            raise Refusal(
                "pack_serial_twice", product=product.display_name, scanned=lot.name or "-"
            )
        expected = self.env["wms.packing.orders"]._contents(picking)
        named = expected.get((product, lot), 0.0)
        # goods picked without a number may carry any; those with one only their own
        loose = expected.get((product, lot.browse()), 0.0) if lot else 0.0
        used = sum(
            amount for (other, number), amount in packed.items()
            if other == product and (number == lot or (loose and (product, number) not in expected))
        )  # fmt: skip
        if uom.compare(used + quantity, named + loose) > 0:
            raise Refusal(
                "pack_too_many",
                product=product.display_name,
                expected=_text(named + loose),
                packed=_text(used),
            )

    def _missing(self, picking):
        """What the order asks for and no box holds: ``["2 Pieces of Mug"]``."""
        packed = {}
        for (product, _lot), quantity in self._packed(picking).items():
            packed[product] = packed.get(product, 0.0) + quantity
        missing = []
        for product, moves in self._open_moves(picking).grouped("product_id").items():
            rest = sum(moves.mapped("product_qty")) - packed.get(product, 0.0)
            if product.uom_id.compare(rest, 0) > 0:
                missing.append(
                    self.env._(
                        "%(quantity)s %(uom)s of %(product)s",
                        quantity=_text(rest),
                        uom=product.uom_id.name,
                        product=product.display_name,
                    )
                )
        return missing

    def _open_moves(self, picking):
        return picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    # ---------------------------------------------------------------------- boxes
    def _packed(self, picking):
        """(product, lot) -> quantity in all boxes, in the product's unit."""
        packed = {}
        for item in picking.wms_pack_box_ids.item_ids:
            key = (item.product_id, item.lot_id)
            packed[key] = packed.get(key, 0.0) + item.quantity
        return packed

    def _current_box(self, picking):
        """The box that the next scan goes into: the last open one."""
        return picking.wms_pack_box_ids.filtered(lambda box: box.state == "open")[-1:]

    def _new_box(self, picking):
        number = max(picking.wms_pack_box_ids.mapped("number"), default=0) + 1
        return self.env["wms.pack.box"].create({"picking_id": picking.id, "number": number})

    def _reopen(self, box):
        later = box.picking_id.wms_pack_box_ids.filtered(
            lambda other: other.number > box.number and not other.item_ids
        )
        later.unlink()
        box.write(
            {
                "state": "open",
                "weight": 0,
                "expected_weight": 0,
                "accepted_by_id": False,
                "closed_command_id": False,
            }
        )

    def _type_of(self, picking, box, type_id):
        """The type the packer named, or the proposed one.

        :raises Refusal: ``not_found``, ``pack_type_needed``
        """
        types = self.env["wms.cartons"]._box_types(picking.company_id)
        if type_id:
            kind = types.filtered(lambda kind: kind.id == type_id)
            if not kind:
                raise Refusal("not_found", what=self.env._("Box type %(id)s", id=type_id))
            return kind
        proposed = self._proposal(picking)
        kind = types.browse(proposed["boxes"][0]["type_id"]) if proposed else types.browse()
        if not kind and types:
            raise Refusal("pack_type_needed", box=box.number)
        return kind

    def _proposal(self, picking):
        """The boxes for everything that is in no closed box yet; the first is the current one."""
        closed = picking.wms_pack_box_ids.filtered(lambda box: box.state == "closed")
        rest = {}
        for (product, _lot), quantity in self.env["wms.packing.orders"]._contents(picking).items():
            rest[product] = rest.get(product, 0.0) + quantity
        for item in closed.item_ids:
            rest[item.product_id] = rest.get(item.product_id, 0.0) - item.quantity
        contents = [
            (product, quantity)
            for product, quantity in rest.items()
            if product.uom_id.compare(quantity, 0) > 0
        ]
        found = self.env["wms.cartons"]._propose(picking, contents)
        return found if found and found["boxes"] else None

    # ---------------------------------------------------------------------- answer
    def _note(self, picking, command, **facts):
        command.note(batch=picking.batch_id, **facts)

    def _order_json(self, picking):
        """The order as the station shows it; quantities as decimal text, weights in g."""
        return {
            "picking_id": picking.id,
            "name": picking.name,
            "order": picking.origin or picking.name,
            "contents": self._contents_json(picking),
            "boxes": [self._box_json(box) for box in picking.wms_pack_box_ids],
            "current": self._current_box(picking).number or None,
            "missing": self._missing(picking),
        }

    def _contents_json(self, picking):
        packed = self._packed(picking)
        rows = []
        for (product, lot), expected in self.env["wms.packing.orders"]._contents(picking).items():
            rows.append(
                {
                    "product_id": product.id,
                    "name": product.name,
                    "sku": product.default_code or "",
                    "tracking": product.tracking,
                    "lot": lot.name or "",
                    "uom": product.uom_id.name,
                    "expected": _text(expected),
                    "packed": _text(self._packed_of(packed, product, lot)),
                }
            )
        return rows

    def _packed_of(self, packed, product, lot):
        """What of a row is packed; a row without lot counts every number of its product."""
        if lot or product.tracking == "none":
            return packed.get((product, lot), 0.0)
        return sum(quantity for (other, _lot), quantity in packed.items() if other == product)

    def _box_json(self, box):
        return {
            "number": box.number,
            "state": box.state,
            "type": box.package_type_id.name or "",
            "weight": _text(box.weight),
            "expected_weight": _text(box.expected_weight),
            "items": [
                {
                    "name": item.product_id.name,
                    "lot": item.lot_id.name or "",
                    "quantity": _text(item.quantity),
                }
                for item in box.item_ids
            ],
        }
