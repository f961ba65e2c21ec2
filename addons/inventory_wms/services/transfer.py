"""Commands on plain transfers, without waves and tasks: reserve one, add to a line."""

from odoo import models

from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        return super()._operations() | {
            "reserve.transfer": Operation(
                service="wms.transfer",
                handler="_op_reserve",
                args={"picking_id": "id"},
                keys="_keys_of_picking",
            ),
            "move.add": Operation(
                service="wms.transfer",
                handler="_op_add",
                args={"move_line_id": "id", "quantity": "quantity"},
                groups=("inventory_wms.group_lead",),
                keys="_keys_of_line",
            ),
        }


class WmsTransfer(models.AbstractModel):
    _name = "wms.transfer"
    _description = "Commands on transfers"

    def _keys_of_picking(self, args):
        picking = self._picking(args["picking_id"])
        return LockKeys(
            picking.picking_type_id.warehouse_id.id, tuple(picking.move_ids.product_id.ids)
        )

    def _keys_of_line(self, args):
        line = self._line(args["move_line_id"])
        return LockKeys(line.picking_type_id.warehouse_id.id, tuple(line.product_id.ids))

    def _picking(self, picking_id):
        picking = self.env["stock.picking"].browse(picking_id).exists()
        if not picking:
            raise Refusal("not_found", what=self.env._("Transfer %(id)s", id=picking_id))
        return picking

    def _line(self, line_id):
        line = self.env["stock.move.line"].browse(line_id).exists()
        if not line:
            raise Refusal("not_found", what=self.env._("Line %(id)s", id=line_id))
        return line

    def _op_reserve(self, args, command):
        """Reserve what is free for one transfer; refused when there is nothing."""
        picking = self._picking(args["picking_id"])
        command.check_company(picking)
        if not command.is_lead and (picking.batch_id or picking.picking_type_code != "outgoing"):
            raise Refusal("not_allowed", op=command.op)
        if picking.state in ("done", "cancel", "draft"):
            raise Refusal(
                "nothing_reserved", what=picking.name, reason=self.env._("it is %s", picking.state)
            )
        picking.move_ids._action_assign()
        reserved = sum(picking.move_ids.mapped("quantity"))
        if not reserved:
            raise Refusal(
                "nothing_reserved", what=picking.name, reason=self.env._("nothing is free")
            )
        return {"picking_id": picking.id, "state": picking.state, "reserved": f"{reserved:g}"}

    def _op_add(self, args, command):
        """Add to the quantity of a line: an addition with identity, never read-modify-write."""
        line = self._line(args["move_line_id"])
        command.check_company(line)
        if line.state in ("done", "cancel"):
            raise Refusal("not_found", what=line.display_name)
        if line.wms_task_id:  # stops of a wave are worked by pick.scan_item
            raise Refusal("not_allowed", op=command.op)
        quantity = float(args["quantity"])
        move, uom = line.move_id, line.product_id.uom_id
        done = sum(move.move_line_ids.mapped("quantity_product_uom"))
        if uom.compare(done + quantity, move.product_qty) > 0:
            raise Refusal(
                "above_demand",
                demand=f"{move.product_qty:g}",
                done=f"{done:g}",
                quantity=args["quantity"],
            )
        line.quantity += uom._compute_quantity(quantity, line.product_uom_id)
        command.note(product=line.product_id, quantity=args["quantity"], location=line.location_id)
        return {"move_line_id": line.id, "quantity": f"{line.quantity:g}"}
