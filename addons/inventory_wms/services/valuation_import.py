"""Opening stock from a file or typed rows: moves at given costs against an opening balance."""

import base64
import io
from dataclasses import replace
from datetime import datetime, time

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..engine import stock_rows
from ..engine.stock_rows import RowsError
from .valuation_ways import INWARD


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    # ------------------------------------------------------------------------- file
    def _read_stock_file(self, job):
        """Create the rows of a file, with the errors of their cells.

        :raises UserError: the file as a whole can't be read
        """
        content = base64.b64decode(job.file)
        try:
            rows = stock_rows.parse_rows(self._cells(content))
        except RowsError as error:
            raise UserError(str(error)) from None
        self.env["wms.valuation.import.line"].create(
            [
                {
                    "import_id": job.id,
                    "number": row.number,
                    "product_text": row.product,
                    "location_text": row.location,
                    "lot_name": row.lot,
                    "qty": float(row.quantity),
                    "unit_cost": float(row.unit_cost),
                    "date": row.day,
                    "file_error": ", ".join(row.errors),
                }
                for row in rows
            ]
        )

    def _cells(self, content):
        if not content.startswith(b"PK"):
            return stock_rows.read_csv(content)
        from openpyxl import load_workbook  # noqa: PLC0415  (slow to import, rarely needed)

        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except Exception as error:
            raise RowsError(f"The spreadsheet can't be read: {error}") from error
        return [list(row) for row in book.active.iter_rows(values_only=True)] or [[]]

    # ------------------------------------------------------------------------ check
    def _check_stock_rows(self, lines):
        """Find products and locations, name errors, and know rows that were imported before."""
        job = lines.import_id
        products = self._products_by_text(lines)
        places = self._locations_by_text(lines)
        for line in lines:
            line.product_id = line.product_id or products.get(line.product_text)
            wanted = line.location_text
            line.location_id = line.location_id or (
                places.get(wanted) if wanted else job.location_id
            )
            line.date = line.date or job.date
            line.error = line.file_error or self._row_error(line)
        keys = stock_rows.keys(
            (
                line.product_id.id,
                line.lot_name or "",
                line.location_id.id,
                line.qty,
                line.unit_cost,
                line.date,
            )
            for line in lines
        )
        known = self.env["wms.valuation.import.line"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("row_key", "in", keys),
                ("state", "=", "done"),
            ]
        )
        known = set(known.mapped("row_key"))
        for line, key in zip(lines, keys, strict=True):
            line.row_key = key
            state = "known" if key in known else "new"
            line.state = "error" if line.error else state

    def _products_by_text(self, lines):
        texts = [text for text in lines.mapped("product_text") if text]
        found = {}
        for name in ("barcode", "default_code"):  # the reference wins
            products = self.env["product.product"].search(
                [(name, "in", texts), ("company_id", "in", (False, self.env.company.id))]
            )
            for text, some in products.grouped(name).items():
                found[text] = some if len(some) == 1 else products.browse()
        return found

    def _locations_by_text(self, lines):
        texts = [text for text in lines.mapped("location_text") if text]
        found = {}
        for name in ("name", "barcode", "complete_name"):
            places = self.env["stock.location"].search(
                [
                    (name, "in", texts),
                    ("usage", "=", "internal"),
                    ("company_id", "=", self.env.company.id),
                ]
            )
            for text, some in places.grouped(name).items():
                found[text] = some if len(some) == 1 else places.browse()
        return found

    def _row_error(self, line):
        """What is wrong with a row, as a sentence; empty when nothing is."""
        product = line.product_id
        if not product:
            return self.env._("'%s' is no product's reference or barcode", line.product_text or "")
        if not product.is_storable:
            return self.env._("%s is not kept in stock", product.display_name)
        if not line.location_id:
            return self.env._("'%s' is no internal location", line.location_text or "")
        if line.qty <= 0:
            return self.env._("the quantity must be above 0")
        if line.date > fields.Date.context_today(line):
            return self.env._("the date lies in the future")
        if self._first_open_date(line.date, self._journal()) != line.date:
            return self.env._("the date is in a locked period")
        if product.tracking != "none" and not line.lot_name:
            return self.env._("%s needs a lot or serial number", product.display_name)
        if product.tracking == "none" and line.lot_name:
            return self.env._("%s is not tracked by lots", product.display_name)
        if product.tracking == "serial" and line.qty != 1:
            return self.env._("a serial number stands for one unit")
        return ""

    # ------------------------------------------------------------------------- book
    def _book_stock_rows(self, lines):
        """Make and validate the moves of some rows, day by day."""
        for day, rows in lines.grouped("date").items():
            moves = self.env["stock.move"].create([self._import_move(row) for row in rows])
            for row, move in zip(rows, moves, strict=True):
                row.move_id = move
            moves = moves.with_context(force_period_date=day)
            moves._action_done()
            at = datetime.combine(day, time(12))
            moves.write({"date": at})
            self.env["wms.cost.layer"].search([("move_id", "in", moves.ids)]).write({"date": at})
            self._value_as_core(rows.filtered(lambda r: not r.move_id._wms_costed()))
        lines.write({"state": "done"})

    def _import_move(self, row):
        product = row.product_id
        source = product.with_company(self.env.company).property_stock_inventory
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": row.qty,
            "company_id": self.env.company.id,
            "location_id": source.id,
            "location_dest_id": row.location_id.id,
            "origin": row.import_id.name,
            "is_inventory": True,
            "picked": True,
            "wms_import_line_id": row.id,
            "move_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": product.uom_id.id,
                        "quantity": row.qty,
                        "location_id": source.id,
                        "location_dest_id": row.location_id.id,
                        "lot_id": self._import_lot(row).id,
                        "company_id": self.env.company.id,
                    }
                )
            ],
        }

    def _import_lot(self, row):
        lots = self.env["stock.lot"]
        if not row.lot_name:
            return lots
        found = lots.search(
            [("name", "=", row.lot_name), ("product_id", "=", row.product_id.id)], limit=1
        )
        return found or lots.create({"name": row.lot_name, "product_id": row.product_id.id})

    def _value_as_core(self, rows):
        """Goods that Odoo costs itself get the given value as a manual one; it posts nothing."""
        for row in rows:
            row.move_id.value_manual = row.value

    # ----------------------------------------------------------------------- events
    def _handlers(self):
        return super()._handlers() | {"import": self._cost_import}

    def _way(self, line):
        way = super()._way(line)
        if not way or way.kind not in INWARD or line.picking_id:  # imports have no transfer
            return way
        return replace(way, kind="import") if line.move_id.wms_import_line_id else way

    def _cost_import(self, book, event, facts):
        """Opening stock: Dr stock, Cr the opening balance, at the given cost."""
        row = event.move.wms_import_line_id
        event.value = self._round(facts.numbers.fraction(row.unit_cost), event.qty)
        book.receive(event, event.value, {"kind": "import"})
        self._post_receipt(book, event, row.import_id.account_id)
