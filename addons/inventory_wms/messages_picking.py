"""Sentences of picking: refusals, reasons why an order waits, and why a bin was chosen."""

from odoo.tools.translate import LazyTranslate

from .messages import Message, register

_lt = LazyTranslate(__name__)


def _why(text):
    return Message(text, severity="info")


register(
    {
        # what a scan can be refused for
        "unknown_barcode": Message(
            _lt("Nobody knows this code."),
            _lt("Scanned %(barcode)s."),
            _lt("Scan the code on the item, or show it to the lead."),
        ),
        "wrong_item": Message(
            _lt("This is another item."),
            _lt("Scanned %(scanned)s, needed %(needed)s."),
            _lt("Put it back and scan the right one."),
        ),
        "wrong_bin": Message(
            _lt("This is another bin."),
            _lt("Scanned %(scanned)s, needed %(needed)s."),
            _lt("Go to %(needed)s and scan its label."),
        ),
        "bin_not_item": Message(
            _lt("This is a bin, not an item."),
            _lt("Scanned %(scanned)s."),
            _lt("Scan the item that you take."),
        ),
        "lot_needed": Message(
            _lt("The lot is missing."),
            _lt("%(product)s, lot %(lot)s."),
            _lt("Scan the lot number on the item."),
        ),
        "wrong_lot": Message(
            _lt("This is another lot."),
            _lt("Scanned %(scanned)s, needed %(needed)s."),
            _lt("Take the lot that is asked for."),
        ),
        "quantity_step": Message(
            _lt("This quantity can't be counted in that unit."),
            _lt("%(quantity)s %(uom)s."),
            _lt("Type a quantity that the unit allows."),
        ),
        "task_taken": Message(
            _lt("Somebody else works here."),
            _lt("%(who)s has wave %(wave)s on another device."),
            _lt("Take the next task, or say that you help."),
        ),
        "task_closed": Message(
            _lt("This stop is closed."),
            _lt("%(what)s."),
            _lt("Go on with the next stop."),
        ),
        "above_bin": Message(
            _lt("More than lies here can't be damaged."),
            _lt("At most %(most)s, now %(quantity)s."),
            _lt("Count the damaged pieces again; goods of other orders stay theirs."),
        ),
        "no_damaged_place": Message(
            _lt("There is no place for damaged goods."),
            _lt("Warehouse %(warehouse)s."),
            _lt("Ask the manager to choose one in the warehouse's settings."),
        ),
        "slot_needed": Message(
            _lt("The slot is missing."),
            _lt("Slot %(slot)s."),
            _lt("Scan the label of slot %(slot)s, or tap it."),
        ),
        "wrong_slot": Message(
            _lt("This is another slot."),
            _lt("Scanned %(scanned)s, needed %(needed)s."),
            _lt("Put the goods into slot %(needed)s and scan its label."),
        ),
        # another lot than planned
        "lot_not_needed": Message(
            _lt("This item has no lots."),
            _lt("%(product)s."),
            _lt("Scan the item itself."),
        ),
        "lot_is_planned": Message(
            _lt("This is the lot that is asked for."),
            _lt("Lot %(lot)s."),
            _lt("Scan it as you take the pieces."),
        ),
        "lot_unknown": Message(
            _lt("This is no lot of the item."),
            _lt("%(product)s, lot %(lot)s."),
            _lt("Scan the lot number on the item that you hold."),
        ),
        "lot_not_here": Message(
            _lt("This lot does not lie here by the books."),
            _lt("Lot %(lot)s, bin %(bin)s."),
            _lt("Put it aside, tell the lead, and take the lot that is asked for."),
        ),
        "lot_on_hold": Message(
            _lt("This lot is on hold."),
            _lt("Lot %(lot)s."),
            _lt("Leave it in the bin and take the lot that is asked for."),
        ),
        "lot_asked_for": Message(
            _lt("The customer asked for this very lot."),
            _lt("Lot %(lot)s."),
            _lt("Take it, or use Short."),
        ),
        "lot_expired": Message(
            _lt("This lot is too old to ship."),
            _lt("Lot %(lot)s, out by %(date)s."),
            _lt("Leave it and tell the lead."),
        ),
        "lot_later": Message(
            _lt("An older lot must go first."),
            _lt("Lot %(planned)s before %(lot)s."),
            _lt("Take the lot that is asked for, or ask the lead."),
        ),
        "lot_promised": Message(
            _lt("This lot is promised to somebody else."),
            _lt("Lot %(lot)s."),
            _lt("Take the lot that is asked for."),
        ),
        "task_open": Message(
            _lt("This stop is not complete."),
            _lt("Needed %(demand)s, picked %(done)s."),
            _lt("Pick the rest, or use Short."),
        ),
        "unknown_reason": Message(
            _lt("This reason is not on the list."),
            _lt("%(reason)s."),
            _lt("Choose one of the reasons shown."),
        ),
        # waves
        "nothing_to_do": Message(
            _lt("There is no free wave."),
            "",
            _lt("Ask the lead to release the next one."),
            "info",
        ),
        "wave_taken": Message(
            _lt("Somebody else has this wave."),
            _lt("%(who)s works on %(wave)s."),
            _lt("Take another one, or ask the lead."),
        ),
        "wave_closed": Message(
            _lt("This wave is closed."),
            _lt("%(wave)s."),
            _lt("Take the next task."),
        ),
        "stops_open": Message(
            _lt("Some stops are still open."),
            _lt("%(count)s stops."),
            _lt("Pick them, or ship without them."),
            "question",
        ),
        "already_shipped": Message(
            _lt("This was shipped already."),
            "",
            _lt("Go on with the next task."),
            "info",
        ),
        "not_shipped": Message(
            _lt("Odoo did not accept the shipment."),
            _lt("%(what)s."),
            _lt("Ask the lead to look at the transfer."),
        ),
        "cart_full": Message(
            _lt("No slot is free on this cart."),
            _lt("Wave %(wave)s has all %(slots)s slots in use."),
            _lt("Choose another wave, or take an order out of this one."),
        ),
        "cart_lines": Message(
            _lt("The cart would be too full."),
            _lt("%(lines)s more lines for %(wave)s; it carries %(limit)s."),
            _lt("Choose another wave."),
        ),
        "not_added": Message(
            _lt("The order can't join this wave."),
            _lt("%(what)s and %(wave)s: %(reason)s."),
            _lt("Choose another order or another wave."),
        ),
        "not_in_wave": Message(
            _lt("The order is not in this wave."),
            _lt("%(what)s is not in %(wave)s."),
            _lt("Look at the fresh list of orders."),
        ),
        "goods_picked": Message(
            _lt("Goods of this order lie on the cart."),
            _lt("Slot %(slot)s: %(what)s."),
            _lt("Say whether they are put back into their bins or shipped."),
            "question",
        ),
        "nothing_to_hand_over": Message(
            _lt("Nobody holds a wave."),
            "",
            _lt("There is nothing to hand over."),
            "info",
        ),
        "slot_done": Message(
            _lt("This slot of the schedule is done already."),
            _lt("%(template)s at %(slot)s."),
            _lt("The next one comes by itself."),
            "info",
        ),
        # holds
        "order_closed": Message(
            _lt("This order is closed."),
            _lt("%(what)s."),
            _lt("Nothing is left to hold."),
        ),
        "order_in_wave": Message(
            _lt("This order is in a wave already."),
            _lt("%(what)s is in %(wave)s."),
            _lt("Take it out of the wave first."),
        ),
        "unknown_activity": Message(
            _lt("Nobody knows this activity."),
            _lt("%(activity)s."),
            _lt("Choose one of the list, or ask the lead to add it."),
        ),
        "lot_not_held": Message(
            _lt("Only lots on hold are scrapped at once."),
            _lt("%(what)s."),
            _lt("Hold the lot first."),
        ),
        "lot_reserved": Message(
            _lt("Documents still carry this lot."),
            _lt("%(what)s in %(where)s."),
            _lt("Hold it again and free what is reserved, or take it off the carts."),
        ),
        "lot_gone": Message(
            _lt("Nothing of this lot is on our shelves."),
            _lt("%(what)s."),
            _lt("The recall lists who received it."),
        ),
        # why an order is not released
        "skip_short": Message(_lt("Not enough free stock: %(what)s missing")),
        "skip_waiting": Message(_lt("Waits for goods of another transfer")),
        "skip_state": Message(_lt("It is %(state)s")),
        "skip_in_wave": Message(_lt("Is in wave %(wave)s already")),
        "skip_incoming": Message(_lt("It is a receipt")),
        "skip_capacity": Message(
            _lt("The shift is full: %(taken)s of %(capacity)s minutes are planned")
        ),
        "skip_hold": Message(_lt("On hold by %(who)s: %(reason)s")),
        # why this bin, why in this order
        "why_oldest": _why(_lt("Oldest stock, received %(date)s")),
        "why_newest": _why(_lt("Newest stock, received %(date)s")),
        "why_expires_first": _why(_lt("Must go first, by %(date)s")),
        "why_full_case": _why(_lt("Full cases go first")),
        "why_fewest_bins": _why(_lt("As few bins as possible")),
        "why_lot_asked": _why(_lt("The lot that the customer asked for")),
        "why_covers": _why(_lt("Everything in one bin")),
        "why_walk": _why(_lt("Equally good bins: this one lies best on the walk")),
        "why_next_stock": _why(_lt("Older stock is used up or promised")),
        "why_added": _why(_lt("Added to the order just now")),
        "why_put_back": _why(_lt("Order %(order)s does not need it any more")),
        "why_order": _why(_lt("Stop %(stop)s of %(stops)s on a walk of %(metres)s m")),
        "why_other_lot": _why(_lt("Instead of a lot on hold")),
        "why_instead": _why(_lt("Instead of %(bin)s, which was short")),
    }
)
