"""Lots on hold and recalls: nothing of them is promised any more, and where they are and went.

A hold is a fact of the lot, read wherever stock is reserved: by our own reservation and by core's,
so that a sale confirmed in the backend respects it as well.
"""

from collections import defaultdict

from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Domain

from ..exceptions import Refusal
from .door import Operation
from .locks import LockKeys
from .tasks import _text

LEAD = ("inventory_wms.group_lead",)
DONE = ("done", "cancel")


class WmsDoor(models.AbstractModel):
    _inherit = "wms.door"

    def _operations(self):
        lots = {"service": "wms.recall", "groups": LEAD, "keys": "_keys_of_lots"}
        return super()._operations() | {
            "lot.hold": Operation(
                handler="_op_hold",
                args={"lot_ids": "ids", "reason": "text", "note": "text?", "free": "bool?"},
                **lots,
            ),
            "lot.release": Operation(handler="_op_release", args={"lot_ids": "ids"}, **lots),
            "lot.scrap": Operation(handler="_op_scrap", args={"lot_ids": "ids"}, **lots),
        }


class WmsRecall(models.AbstractModel):
    _name = "wms.recall"
    _description = "Lots on hold"

    def _keys_of_lots(self, args):
        lots = self.env["stock.lot"].browse(args["lot_ids"]).exists()
        return LockKeys(product_ids=tuple(lots.product_id.ids), names=("wave.claim",))

    def _lots(self, args, command):
        lots = self.env["stock.lot"].browse(args["lot_ids"]).exists()
        if not lots:
            raise Refusal("not_found", what=self.env._("Lot"))
        command.check_company(lots)
        return lots

    # ------------------------------------------------------------------ operations
    def _op_hold(self, args, command):
        """Hold lots everywhere; ``free`` gives back what is reserved of them and not picked yet.

        Answers the documents that still carry them: reserved, and picked onto a cart.
        """
        lots = self._lots(args, command)
        reason = self.env["wms.release"]._hold_reason(args["reason"], command.user.company_ids)
        lots.write(
            {
                "wms_hold": True,
                "wms_hold_reason_id": reason.id,
                "wms_hold_note": args["note"] or False,
                "wms_hold_user_id": command.user.id,
                "wms_hold_at": fields.Datetime.now(),
            }
        )
        command.note(lot=lots[:1], product=lots[:1].product_id, reason=reason)
        freed = self._free(lots) if args["free"] else []
        return {"held": lots.ids, "freed": freed, "reserved": self._open_json(lots)}

    def _op_release(self, args, command):
        """Let lots be promised again."""
        lots = self._lots(args, command).filtered("wms_hold")
        lots.write(
            {
                "wms_hold": False,
                "wms_hold_reason_id": False,
                "wms_hold_note": False,
                "wms_hold_user_id": False,
                "wms_hold_at": False,
            }
        )
        command.note(lot=lots[:1], product=lots[:1].product_id)
        return {"released": lots.ids}

    def _op_scrap(self, args, command):
        """Scrap what is on the shelves of held lots, in all bins at once."""
        lots = self._lots(args, command)
        free = lots.filtered(lambda lot: not lot.wms_hold)
        if free:
            raise Refusal("lot_not_held", what=", ".join(free.mapped("name")))
        lines = self._open_lines(lots)
        if lines:
            names = ", ".join(lines.picking_id.mapped("name"))
            raise Refusal("lot_reserved", what=", ".join(lines.lot_id.mapped("name")), where=names)
        quants = self._stock(lots)
        if not quants:
            raise Refusal("lot_gone", what=", ".join(lots.mapped("name")))
        reason = self.env.ref("inventory_wms.wms_reason_recall", raise_if_not_found=False)
        command.note(lot=lots[:1], product=lots[:1].product_id, reason=reason)
        return {"scrapped": self._scrap(quants, reason)}

    # ----------------------------------------------------------------------- facts
    def _stock(self, lots):
        """What is on our own shelves: stock.quant with something in it."""
        return self.env["stock.quant"].search(
            [
                ("lot_id", "in", lots.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", ">", 0),
            ]
        )

    def _lines(self, lots, *terms):
        return self.env["stock.move.line"].search(
            Domain("lot_id", "in", lots.ids) & Domain.AND([Domain([term]) for term in terms])
        )

    def _open_lines(self, lots):
        """Lines of open documents that carry the lots out of our shelves."""
        return self._lines(
            lots,
            ("state", "not in", ("draft", *DONE)),
            ("location_id.usage", "in", ("internal", "transit")),
        )

    def _delivered(self, lots):
        """Lines that brought the lots to customers."""
        return self._lines(
            lots, ("state", "=", "done"), ("location_dest_id.usage", "=", "customer")
        )

    def _received(self, lots):
        """Lines that brought the lots into the house."""
        return self._lines(
            lots,
            ("state", "=", "done"),
            ("location_id.usage", "in", ("supplier", "production", "inventory")),
        )

    def _open_json(self, lots):
        return [
            {
                "picking_id": line.picking_id.id,
                "name": line.picking_id.name or line.move_id.reference or "",
                "customer": line.picking_id.partner_id.display_name or "",
                "lot": line.lot_id.name,
                "bin": line.location_id.name,
                "quantity": _text(line.quantity_product_uom),
                "picked": _text(line.wms_scanned),
                "slot": line.picking_id.wms_cart_slot or "",
            }
            for line in self._open_lines(lots)
        ]

    # ---------------------------------------------------------------------- effect
    def _free(self, lots):
        """Give reservations back that nobody has picked; waves get other stock where there is some.

        :return: what was freed, as in ``_open_json``
        """
        lines = self._open_lines(lots).filtered(
            lambda line: not line.picked and not line.wms_scanned
        )
        told = [
            entry for entry in self._open_json(lots) if entry["picking_id"] in lines.picking_id.ids
        ]
        missing = defaultdict(float)
        for line in lines.filtered("wms_task_id"):
            missing[line.move_id] += line.quantity_product_uom
        lines.unlink()
        if missing:
            self._replace(dict(missing))
        return told

    def _replace(self, missing):
        found, why = self.env["wms.reservation"]._reserve_more(missing)
        other = {"code": "why_other_lot", "params": {}}
        why = {line: [other, *why.get(line, [])] for line in found}
        for wave, lines in found.grouped(lambda line: line.picking_id.batch_id).items():
            self.env["wms.shortage"]._add_stops(wave, lines, why)

    def _scrap(self, quants, reason):
        scraps = self.env["stock.scrap"].create(
            [
                {
                    "product_id": quant.product_id.id,
                    "product_uom_id": quant.product_uom_id.id,
                    "scrap_qty": quant.quantity,
                    "lot_id": quant.lot_id.id,
                    "location_id": quant.location_id.id,
                    "package_id": quant.package_id.id,
                    "owner_id": quant.owner_id.id,
                    "company_id": quant.company_id.id,
                    "origin": quant.lot_id.name,
                }
                for quant in quants
            ]
        )
        # The system user: core's valuation drops sudo; the command keeps who acted.
        done = scraps.with_user(SUPERUSER_ID).with_context(
            wms_reason_id=reason.id if reason else False
        )
        done.do_scrap()
        return [
            {
                "lot": scrap.lot_id.name,
                "bin": scrap.location_id.name,
                "quantity": _text(scrap.scrap_qty),
            }
            for scrap in scraps
        ]
