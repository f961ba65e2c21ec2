"""Sentences of the packing station."""

from odoo.tools.translate import LazyTranslate

from .messages import Message, register

_lt = LazyTranslate(__name__)

register(
    {
        "pack_unknown": Message(
            _lt("There is nothing to pack for this code."),
            _lt("Scanned %(scanned)s."),
            _lt("Scan the order, the wave, or the slot of the cart."),
        ),
        "pack_not_ready": Message(
            _lt("This order is not ready to be packed."),
            _lt("%(order)s: %(state)s."),
            _lt("Pick it first, then scan it again."),
        ),
        "pack_on_hold": Message(
            _lt("This order is on hold."),
            _lt("%(order)s: %(reason)s."),
            _lt("Put it aside; the lead says when it may leave."),
        ),
        "pack_not_picked": Message(
            _lt("This order is not picked yet."),
            _lt("%(order)s: %(count)s stops are open."),
            _lt("Finish the picking, then scan it again."),
        ),
        "pack_taken": Message(
            _lt("This order is packed at another station."),
            _lt("%(who)s has %(order)s."),
            _lt("Scan the order again here to go on with it."),
        ),
        "pack_not_open": Message(
            _lt("This order is not open at this station."),
            _lt("%(order)s."),
            _lt("Scan the order first."),
        ),
        "pack_other_order": Message(
            _lt("This item is not in the order."),
            _lt("Scanned %(scanned)s; the order is %(order)s."),
            _lt("Put it aside and scan the next item."),
        ),
        "pack_too_many": Message(
            _lt("That is more than the order needs."),
            _lt("%(product)s: needed %(expected)s, packed %(packed)s."),
            _lt("Take the surplus out of the box; nothing was booked."),
        ),
        "pack_lot_needed": Message(
            _lt("The number on the item is missing."),
            _lt("%(product)s."),
            _lt("Scan its serial or lot number."),
            "question",
        ),
        "pack_wrong_lot": Message(
            _lt("This number was not picked for the order."),
            _lt("%(product)s: scanned %(scanned)s."),
            _lt("Find the item with the number that was picked: %(needed)s."),
        ),
        "pack_serial_twice": Message(
            _lt("This serial number is in a box already."),
            _lt("%(product)s, %(scanned)s."),
            _lt("Scan the number of the other item."),
        ),
        "pack_serial_one": Message(
            _lt("Each serial number is one piece."),
            _lt("%(product)s, quantity %(quantity)s."),
            _lt("Scan every piece by its own number."),
        ),
        "pack_box_empty": Message(
            _lt("The box is empty."),
            _lt("Box %(box)s."),
            _lt("Scan the items that go into it."),
        ),
        "pack_type_needed": Message(
            _lt("Which box is it?"),
            _lt("Box %(box)s has no type yet."),
            _lt("Choose the type of the box, then close it again."),
            "question",
        ),
        "pack_weight_needed": Message(
            _lt("The weight is missing."),
            _lt("Box %(box)s; expected %(expected)s g."),
            _lt("Put the box on the scale and type the weight."),
            "question",
        ),
        "pack_weight_off": Message(
            _lt("The weight is not as expected."),
            _lt("Box %(box)s: measured %(measured)s g, expected %(expected)s g."),
            _lt("Check the contents and weigh again. A lead may accept the difference."),
        ),
        "pack_too_heavy": Message(
            _lt("The box is too heavy."),
            _lt("Box %(box)s: %(weight)s g; at most %(limit)s g."),
            _lt("Take something out and use another box."),
        ),
        "pack_box_open": Message(
            _lt("A box is still open."),
            _lt("Box %(box)s."),
            _lt("Weigh and close it first."),
        ),
        "pack_missing": Message(
            _lt("Something is missing."),
            _lt("%(what)s."),
            _lt("Find it, or ship without it: the rest becomes a backorder."),
            "question",
        ),
        "pack_waits": Message(
            _lt("This order leaves complete or not at all."),
            _lt("%(order)s: %(what)s missing."),
            _lt("Put it aside until the rest is there, or ask the lead."),
        ),
        "pack_nothing": Message(
            _lt("Nothing is packed yet."),
            _lt("%(order)s."),
            _lt("Scan the items of the order."),
        ),
        "pack_nothing_to_undo": Message(
            _lt("There is nothing to take back."),
            _lt("%(order)s."),
            _lt("Scan the items of the order."),
        ),
    }
)
