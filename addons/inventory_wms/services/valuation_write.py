"""Writing what the engine decided: a constant number of statements per call."""

from odoo import fields, models

_LINKS = ("layer_id", "deficit_id")
_ORIGINS = ("origin_layer_id", "root_layer_id")


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _write_books(self, books, numbers, postings):
        """Write rows and totals.

        :param postings: entry key -> ``wms.cost.posting`` of the call
        """
        books = list(books.values())
        self._write_layers(books, numbers, postings)
        self._write_deficits(books, numbers, postings)
        for model in ("consumption", "adjustment"):
            rows = [row for book in books for row in getattr(book, f"{model}s")]
            if rows:
                self.env[f"wms.cost.{model}"].create([self._row(row, postings) for row in rows])
        self._write_totals(books, numbers)
        for book in books:
            for move, correction in book.true_ups:
                move.value += numbers.amount(correction)
        self.env.flush_all()

    def _row(self, row, postings):
        row = {name: value for name, value in row.items() if name != "minor"}
        posting = postings.get(row.pop("entry_key", None))
        return row | {"posting_id": posting.id if posting else False}

    def _write_layers(self, books, numbers, postings):
        """Create the new layers, update the touched ones."""
        new, keys, touched = [], [], {}
        for book in books:
            left = {layer.key: layer for layer in book.pool.layers}
            for key, vals in book.layers.items():
                layer = left.get(key)
                rest = {
                    "remaining_qty": float(layer.qty) if layer else 0,
                    "remaining_value": numbers.amount(layer.value) if layer else 0,
                }
                new.append(self._row(vals | rest, postings))
                keys.append(key)
            for layer in book.start.layers:
                if left.get(layer.key) != layer:
                    touched[layer.key] = left.get(layer.key)
            touched.update({key: left.get(key) for key in book.revived})
        created = self._create_layers(new, keys)
        for layer in self.env["wms.cost.layer"].browse(touched):
            after = touched[layer.id]
            layer.remaining_qty = float(after.qty) if after else 0
            layer.remaining_value = numbers.amount(after.value) if after else 0
        self._resolve(books, keys, created)

    def _create_layers(self, new, keys):
        """Create layers; those moved from a layer of the same call are linked to it after."""
        waiting = [
            {name: vals.pop(name) for name in _ORIGINS if vals.get(name, 0) < 0} for vals in new
        ]
        created = self.env["wms.cost.layer"].create(new)
        ids = dict(zip(keys, created.ids, strict=True))
        for layer, links in zip(created, waiting, strict=True):
            if links:
                layer.write({name: ids[key] for name, key in links.items()})
        return created

    def _write_deficits(self, books, numbers, postings):
        new, keys, touched = [], [], {}
        for book in books:
            left = {deficit.key: deficit for deficit in book.pool.deficits}
            for key, vals in book.deficits.items():
                rest = left.get(key)
                vals = vals | {
                    "open_qty": float(rest.qty) if rest else 0,
                    "open_value": numbers.amount(rest.value) if rest else 0,
                }
                new.append(self._row(vals, postings))
                keys.append(key)
            for deficit in book.start.deficits:
                if left.get(deficit.key) != deficit:
                    touched[deficit.key] = left.get(deficit.key)
        created = self.env["wms.cost.deficit"].create(new)
        for deficit in self.env["wms.cost.deficit"].browse(touched):
            after = touched[deficit.id]
            deficit.open_qty = float(after.qty) if after else 0
            deficit.open_value = numbers.amount(after.value) if after else 0
        self._resolve(books, keys, created)

    def _resolve(self, books, keys, created):
        """Put the ids of created layers or deficits into the other rows of the books."""
        ids = dict(zip(keys, created.ids, strict=True))
        for book in books:
            for row in book.consumptions + book.adjustments:
                row.update({link: ids[row[link]] for link in _LINKS if row.get(link) in ids})

    def _write_totals(self, books, numbers):
        new = []
        totals = self.env["wms.cost.total"].browse([book.total_id for book in books])
        for book, total in zip(books, totals, strict=True):
            total.write(
                {
                    "version": total.version + 1,
                    "qty": float(book.pool.qty),
                    "value": numbers.amount(book.pool.value),
                    "carry": float(book.pool.carry),
                }
            )
            spread = {"remaining_value": numbers.amount(book.pool.spread)}
            if book.pool.spread == book.start.spread:
                continue
            if book.spread_id:
                self.env["wms.cost.layer"].browse(book.spread_id).write(spread)
                continue
            new.append(
                {
                    "company_id": numbers.company.id,
                    "product_id": book.product.id,
                    "total_id": book.total_id,
                    "lot_id": book.lot.id,
                    "place_id": book.place.id,
                    "kind": "average",
                    "date": fields.Datetime.now(),
                    **spread,
                }
            )
        self.env["wms.cost.layer"].create(new)
