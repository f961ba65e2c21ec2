"""Every sentence an import of orders can answer with: what is wrong, on what, what to do now.

The codes come from ``engine/order_file.py``, ``engine/cells.py``, ``engine/order_plan.py`` and
the services; a test keeps both sides complete.
"""

from odoo.addons.inventory_wms.messages import Message, register
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_CORRECT_ROW = _lt("Correct the row in your spreadsheet and import the file again.")
_SAVE_AGAIN = _lt("In the spreadsheet choose Save as, CSV UTF-8, and import that file.")

FILE = {
    "file_empty": Message(_lt("The file is empty."), "", _lt("Choose the file you exported.")),
    "file_no_rows": Message(
        _lt("The file has a header but no rows."), "", _lt("Export the orders again.")
    ),
    "file_base64": Message(
        _lt("The file did not arrive whole."),
        _lt("Its content is not valid base64."),
        _lt("Send the file's bytes encoded as base64."),
    ),
    "file_too_large": Message(
        _lt("The file is too large."),
        _lt("%(size)s bytes; at most %(limit)s."),
        _lt("Split it into smaller files."),
    ),
    "file_too_many_rows": Message(
        _lt("The file has too many rows."),
        _lt("At most %(limit)s rows in one file."),
        _lt("Split it into smaller files; keep the rows of an order together."),
    ),
    "file_is_workbook": Message(_lt("This is a workbook, not a CSV file."), "", _SAVE_AGAIN),
    "file_encoding": Message(
        _lt("The file is not in the encoding chosen."),
        _lt("Line %(row)s can't be read as %(encoding)s."),
        _lt("Choose another encoding (Windows-1252 for older Excel), or save as CSV UTF-8."),
    ),
    "file_encoding_is_utf8": Message(
        _lt("The file is not in the encoding chosen."),
        _lt("It is UTF-8, not %(encoding)s; names would come out wrong."),
        _lt("Choose UTF-8."),
    ),
    "file_encoding_name": Message(
        _lt("This encoding is not known."),
        _lt("%(encoding)s; known are %(known)s."),
        _lt("Choose one of them."),
    ),
    "file_nul": Message(
        _lt("The file is not plain text."),
        _lt("Line %(row)s contains NUL bytes."),
        _SAVE_AGAIN,
    ),
    "file_line_too_long": Message(
        _lt("A line of the file is too long."),
        _lt("Line %(row)s has more than %(limit)s characters."),
        _lt("Check that cell and the quotes around it, then import the file again."),
    ),
    "file_quotes": Message(
        _lt("The quotes in the file don't match."),
        _lt("A quote opened in or before row %(row)s is not closed properly."),
        _lt("Remove the quote, or save the file from the spreadsheet again."),
    ),
    "file_columns_missing": Message(
        _lt("The file has the wrong columns."),
        _lt("Missing: %(columns)s. Found: %(found)s."),
        _lt("The first row must be: %(wanted)s."),
    ),
    "file_columns_twice": Message(
        _lt("The file has a column twice."),
        _lt("Twice: %(columns)s."),
        _lt("Keep one of each and import the file again."),
    ),
    "file_columns_unknown": Message(
        _lt("The file has columns that are not known."),
        _lt("Unknown: %(columns)s."),
        _lt("Remove them and import the file again."),
    ),
}

ROW = {
    "row_too_many_cells": Message(
        _lt("The row has too many cells."),
        _lt("%(found)s instead of %(wanted)s; often a comma inside a name without quotes."),
        _CORRECT_ROW,
    ),
    "row_too_few_cells": Message(
        _lt("The row has too few cells."), _lt("%(found)s instead of %(wanted)s."), _CORRECT_ROW
    ),
    "row_twice": Message(
        _lt("The row is in the file twice."),
        _lt("It repeats row %(first_row)s."),
        _lt("Remove it, or add the quantities up in one row."),
    ),
    "cell_formula": Message(
        _lt("The cell is a formula."),
        _lt("“%(value)s”."),
        _lt("Write plain text that does not begin with = + - @ or a tab."),
    ),
    "cell_control": Message(
        _lt("The cell contains invisible control characters."), "", _CORRECT_ROW
    ),
    "cell_empty": Message(_lt("The cell is empty."), "", _CORRECT_ROW),
    "cell_too_long": Message(
        _lt("The cell is too long."),
        _lt("%(length)s characters; at most %(limit)s."),
        _CORRECT_ROW,
    ),
    "cell_line_break": Message(
        _lt("The cell contains a line break."), "", _lt("Write it on one line.")
    ),
    "number_text": Message(
        _lt("That is not a number."),
        _lt("“%(value)s”."),
        _lt("Write digits with a decimal point, like 12 or 1.50."),
    ),
    "number_not_finite": Message(
        _lt("That is not a finite number."), _lt("“%(value)s”."), _CORRECT_ROW
    ),
    "number_negative": Message(
        _lt("The number is negative."),
        _lt("“%(value)s”."),
        _lt("Orders only add; take cancellations and returns out of the file."),
    ),
    "quantity_zero": Message(
        _lt("The quantity is zero."), "", _lt("Remove the row, or write the quantity ordered.")
    ),
    "number_huge": Message(
        _lt("The number is too large."),
        _lt("“%(value)s”; at most %(limit)s."),
        _lt("Is it a bar code in the wrong column? Correct the row and import again."),
    ),
    "number_decimals": Message(
        _lt("The number has too many decimals."),
        _lt("“%(value)s”; at most %(decimals)s decimals."),
        _lt("Round it and import the file again."),
    ),
    "date_text": Message(
        _lt("That is not a date."), _lt("“%(value)s”."), _lt("Write it like 2026-11-23.")
    ),
    "date_two_ways": Message(
        _lt("The date can be read in two ways."),
        _lt("“%(value)s”."),
        _lt("Write it like 2026-11-23."),
    ),
    "date_range": Message(
        _lt("The date is out of range."),
        _lt("“%(value)s”; the year must be from %(first)s to %(last)s."),
        _CORRECT_ROW,
    ),
    "ship_by_before_date": Message(
        _lt("The order should ship before it was placed."),
        _lt("Ship by %(ship_by)s, ordered %(date)s."),
        _CORRECT_ROW,
    ),
    "order_mismatch": Message(
        _lt("The order has two different values here."),
        _lt("“%(value)s”, but “%(first_value)s” in row %(first_row)s."),
        _lt("Write the same in all rows of the order, or give it another order_ref."),
    ),
    "sku_unknown": Message(
        _lt("There is no article with this code."),
        _lt("“%(sku)s”."),
        _lt("Create the article, or correct the code, and import the file again."),
    ),
    "sku_ambiguous": Message(
        _lt("Several articles have this code."),
        _lt("“%(sku)s”."),
        _lt("Give each article its own reference and import the file again."),
    ),
    "sku_not_sold": Message(
        _lt("This article can't be sold."),
        _lt("“%(sku)s” is archived or not for sale."),
        _lt("Put it on sale, or remove the row."),
    ),
    "carrier_unknown": Message(
        _lt("This carrier is not known."),
        _lt("“%(carrier)s”."),
        _lt("Create a delivery method of that name, or correct the cell."),
    ),
}

ORDER = {
    "order_changed": Message(
        _lt("The order was already imported with other content."),
        _lt("Order %(order_ref)s, article %(sku)s."),
        _lt("Change it in the order itself; the file changes nothing."),
    ),
    "order_row_added": Message(
        _lt("The order was already imported without this row."),
        _lt("Order %(order_ref)s, article %(sku)s."),
        _lt("Add it in the order itself, or send it as a new order."),
    ),
    "order_failed": Message(
        _lt("The order could not be created."),
        _lt("Order %(order_ref)s: %(text)s"),
        _lt("Remove the cause, then press Retry on the received item."),
    ),
}

ACCOUNT = {
    "import_running": Message(
        _lt("Another import just brought the same orders."),
        _lt("Channel %(account)s."),
        _lt("Nothing was changed. Import the file again to see what is left."),
    ),
    "channel_muted": Message(
        _lt("This channel is muted."),
        _lt("Channel %(account)s."),
        _lt("Nothing was imported. Unmute it first."),
    ),
    "channel_kind": Message(
        _lt("This channel takes no files."),
        _lt("Channel %(account)s."),
        _lt("Choose a channel of kind Spreadsheet."),
    ),
    "not_confirmable": Message(
        _lt("There is nothing to import here."),
        _lt("%(name)s: %(state)s."),
        _lt("Correct the file and import it again."),
    ),
}

STOCK = {
    "channel_stock_short": Message(
        _lt("Sold, but not in the warehouse."),
        _lt("%(quantity)s of %(product)s are missing."),
        _lt("Tell the buyer or cancel the line at the channel, then mark this as solved."),
    ),
}

register(FILE | ROW | ORDER | ACCOUNT | STOCK)
