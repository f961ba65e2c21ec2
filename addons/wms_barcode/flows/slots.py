"""At the bin: goods that are confirmed into a slot, damaged goods, another lot, putting back."""

from decimal import Decimal

from odoo.addons.inventory_wms.exceptions import Refusal

from .base import decimal_text


class GoodsInHand:
    """What a pick flow does with scans of goods beyond counting them.

    Where slots are confirmed, pieces are scanned first and booked by the scan (or a tap) of their
    slot.  Inputs: ``item`` and ``times``: what is in the hand; ``rev``: of the stop it was scanned
    for; ``swap``: the next scan is another lot.
    """

    def confirms_slot(self, task):
        """Whether goods of this stop count only after their slot is scanned."""
        leg = task.batch_id.picking_type_id
        slots = task.move_line_ids.picking_id.filtered("wms_cart_slot")
        return bool(task.kind == "pick" and leg.wms_confirm_slot and slots)

    def in_hand(self, task, kept):
        """How often the item in hand was scanned: decimal text, empty for nothing."""
        return kept.get("times", "") if kept.get("rev") == task.rev else ""

    def scanned(self, task, kept, code):
        """A scan at the bin where slots are confirmed: the item, or the slot it goes into.

        :return: (inputs to keep, message or None, command or None)
        """
        picking = self.env["wms.picking"]
        code = code.strip()
        times = self.in_hand(task, kept)
        if times and code != kept.get("item"):
            try:
                slot = picking._slot(task, code)
            except Refusal as refusal:
                return kept, self.refused(refusal, code), None
            return kept, None, self.put(task, kept, slot)
        try:
            pack = Decimal(str(picking._pack_quantity(task, code)))
        except Refusal as refusal:
            return kept, self.refused(refusal, code), None
        count = Decimal(times or "0") + Decimal(kept.get("each") or "1")
        wanted, scanned = (Decimal(str(amount)) for amount in self._put(task)[1:])
        if count * pack > wanted - scanned:
            params = {"demand": wanted, "done": scanned, "quantity": count * pack}
            texts = {name: decimal_text(value) for name, value in params.items()}
            return kept, {**self.message("above_demand", **texts), "scanned": code}, None
        return {**kept, "item": code, "times": decimal_text(count), "rev": task.rev}, None, None

    def refused(self, refusal, code):
        """A refusal of the service as a message of the screen."""
        return {**self.message(refusal.code, **refusal.params), "scanned": code[:40]}

    def put(self, task, kept, slot):
        """The command that books what is in the hand into a slot."""
        args = {"task_id": task.id, "bin": kept["bin"], "barcode": kept["item"]}
        args |= {"quantity": kept["times"], "slot": slot}
        return {"op": "pick.scan_item", "args": args}

    def goods_accepts(self, task, kept, each):
        """What scans and presses mean at the bin."""
        if kept.get("swap"):
            scan = {"kind": "command", "op": "pick.swap_lot", "field": "lot"}
            return {"scan": {**scan, "args": {"task_id": task.id}}, "leave": {"kind": "event"}}
        damaged = {"kind": "command", "op": "pick.damaged", "args": {"task_id": task.id}}
        accepts = {"damaged": damaged, "swap": {"kind": "event"}, "number": {"kind": "event"}}
        if self.confirms_slot(task):
            accepts["scan"] = {"kind": "event", "field": "code"}
            if self.in_hand(task, kept):
                slot = self._put(task)[0].wms_cart_slot
                accepts["put"] = {"kind": "command", **self.put(task, kept, slot)}
                accepts["leave"] = {"kind": "event"}
            return accepts
        args = {"task_id": task.id, "bin": kept["bin"], "quantity": each}
        accepts["scan"] = {
            "kind": "command",
            "op": "pick.scan_item",
            "field": "barcode",
            "counts": True,
            "args": args,
        }
        return accepts

    def goods_buttons(self, task, kept):
        """The buttons under the thumb, at most four."""
        if kept.get("swap") or self.in_hand(task, kept):
            return [{"action": "leave", "icon": "back", "word": self._("Back")}]
        buttons = [
            {"sheet": "short", "icon": "short", "word": self._("Short")},
            {"sheet": "number", "icon": "count", "word": self._("Number")},
        ]
        if task.kind == "pick":
            buttons.append({"sheet": "damaged", "icon": "damage", "word": self._("Damaged")})
        if task.kind == "pick" and task.lot_id:
            buttons.append({"action": "swap", "icon": "lot", "word": self._("Other lot")})
        return buttons

    def goods_prompt(self, task, kept):
        """What to scan now where it is not the item: kind of code, prompt, hint, word to tap."""
        if kept.get("swap"):
            return {
                "kind": "goods",
                "prompt": self._("Scan the other lot"),
                "more": self._("It must lie in this bin"),
            }
        times = self.in_hand(task, kept)
        if not times:
            return None
        slot = self._put(task)[0].wms_cart_slot
        return {
            "kind": "slot",
            "prompt": self._("Scan slot %s", slot),
            "more": self._("%s in your hand, or scan one more", times),
            "go": self._("Put into %s", slot),
        }
