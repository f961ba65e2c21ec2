"""What only the scanner says: sentences for the common catalogue, and the words on its screens."""

from odoo.addons.inventory_wms.messages import Message, register
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

register(
    {
        "unknown_code": Message(
            _lt("Nobody knows this code."),
            _lt("%(code)s."),
            _lt("Clean the label and scan again, or type the code below the bars."),
        ),
        "wrong_bin_scan": Message(
            _lt("Wrong bin"),
            _lt("%(needed)s"),
            _lt("Walk to %(needed)s and scan its label."),
        ),
        "not_a_bin": Message(
            _lt("This is not a bin."),
            _lt("It is %(found)s."),
            _lt("Scan the label of bin %(needed)s."),
        ),
        "wrong_check_digits": Message(
            _lt("These are not the check digits of this bin."),
            _lt("Needed: bin %(needed)s."),
            _lt("Read the digits on the shelf label of %(needed)s and type them."),
        ),
        "nothing_to_do_here": Message(
            _lt("Nothing to do with this now."),
            _lt("%(found)s."),
            _lt("Scan a wave or an order that waits for you, or start the next task."),
            "question",
        ),
        "order_shipped": Message(
            _lt("This order is shipped already."),
            _lt("Order %(order)s."),
            _lt("Put the parcel to the outgoing ones and scan the next order."),
            "question",
        ),
        "order_not_here": Message(
            _lt("This order is not on the cart."),
            _lt("Scanned: %(code)s."),
            _lt("Scan an order of the list, or ship all."),
        ),
        "other_user": Message(
            _lt("Somebody else's scans wait on this device."),
            _lt("They are kept and not sent under your name."),
            _lt("Let the person who scanned sign in here, or call the lead."),
        ),
        "stuck": Message(
            _lt("No answer for five minutes."),
            _lt("Your last scan is kept on this device; we do not know yet whether it was booked."),
            _lt("Go where the network is better and press Send now, or call the lead."),
        ),
        "server_error": Message(
            _lt("The server could not answer."),
            _lt("Something is broken on its side."),
            _lt("Wait a moment and try again; call the lead if it stays so."),
        ),
        "not_checked": Message(
            _lt("No connection"),
            _lt("The scan was not checked."),
            _lt("Wait for the connection and scan again."),
        ),
    }
)

# Sentences the page may need when it cannot ask the server.
PAGE_SENTENCES = ("other_user", "stuck", "server_error", "not_checked")

LABELS = {
    "title": _lt("Scanner"),
    "no_script": _lt("The scanner needs JavaScript. Switch it on and reload."),
    "loading": _lt("One moment"),
    "no_connection": _lt("No connection"),
    "other_tab": _lt("Open in another tab"),
    "other_tab_more": _lt("One tab sends the scans, so that none counts twice."),
    "use_here": _lt("Work in this tab"),
    "menu": _lt("Menu"),
    "back": _lt("Back"),
    "delete": _lt("Delete last digit"),
    "live": _lt("Live"),
    "sent": _lt("sent"),
    "saved": _lt("saved"),
    "confirmed": _lt("confirmed"),
    "to_go": _lt("to go"),
    "tap_to_scan": _lt("Tap here to scan"),
    "scan_anything": _lt("Scan anything"),
    "scan_anything_more": _lt("Bin, item, wave, order"),
    "or_choose": _lt("Or choose, open tasks"),
    "start_at": _lt("Start at"),
    "then": _lt("Then"),
    "last_stop": _lt("last stop"),
    "scan_bin": _lt("Scan the bin"),
    "scan_item": _lt("Scan the item"),
    "scan_order": _lt("Scan the order"),
    "scan_order_more": _lt("or ship all that is packed"),
    "n_more": _lt("%(n)s more, or type the number"),
    "one_scan_counts": _lt("One scan counts %(n)s"),
    "you_are_at": _lt("You are at"),
    "take": _lt("Take"),
    "of_n": _lt("of %(n)s"),
    "confirmed_title": _lt("Confirmed"),
    "taken_short": _lt("%(n)s of %(all)s %(unit)s"),
    "next": _lt("Next"),
    "nothing_booked": _lt("Nothing was booked."),
    "booked_stuck": _lt("Perhaps booked, perhaps not."),
    "booked_other_user": _lt("Nothing was sent."),
    "you_scanned": _lt("You scanned"),
    "do_this_now": _lt("Do this now"),
    "understood": _lt("Understood"),
    "or_scan_ok": _lt("or scan OK on your command sheet"),
    "sign_in": _lt("Sign in"),
    "sign_out": _lt("Sign out"),
    "name": _lt("Name"),
    "password": _lt("Password"),
    "kept_here": _lt("%(n)s entries are kept here and sent after you sign in."),
    "sign_in_refused": _lt("Name or password is wrong, or this person may not use the scanner."),
    "sign_in_unreachable": _lt("No connection. Try again in a moment."),
    "how_many_found": _lt("How many did you find?"),
    "how_many_in_hand": _lt("How many do you take?"),
    "one_less": _lt("One less"),
    "one_more": _lt("One more"),
    "why_missing": _lt("Why is something missing?"),
    "more_is_here": _lt("More of it is here"),
    "choose_reason": _lt("Choose the reason"),
    "take_n_short": _lt("Take %(n)s, %(missing)s short"),
    "then_scan_once": _lt("Take %(n)s: scan it once"),
    "up_to": _lt("Up to %(n)s"),
    "type_code": _lt("Type the code"),
    "code": _lt("Code"),
    "use_code": _lt("Use it"),
    "waiting_entries": _lt("Waiting for an answer"),
    "nothing_waits": _lt("Everything is confirmed."),
    "send_now": _lt("Send now"),
    "dark": _lt("Dark"),
    "left_hand": _lt("Left hand"),
    "pick.scan_item": _lt("Picked"),
    "pick.short": _lt("Short"),
    "ship.confirm": _lt("Shipped"),
    "task.claim": _lt("Task taken"),
}
