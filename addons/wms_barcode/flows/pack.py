"""The packing station: scan an order, its items, weigh the box, finish, take the papers.

One order is open at a station at a time; which one is the server's knowledge, so a reload or
another tab shows the same. Everything works by scanner and keyboard: ``keys`` of a state names
what a function key or a scanned command code does.
"""

from odoo.fields import Domain

from .base import Flow, decimal_text, pieces_text, unit_text, whole_screen

MOST_WAITING = 12
START_KEYS = {}
ORDER_KEYS = {
    "F2": {"act": "next_box"},
    "WMS-NEXT-BOX": {"act": "next_box"},
    "F4": {"sheet": "weigh"},
    "WMS-CLOSE-BOX": {"sheet": "weigh"},
    "F7": {"sheet": "pack_number"},
    "F8": {"act": "undo"},
    "WMS-UNDO": {"act": "undo"},
    "F9": {"act": "finish"},
    "WMS-FINISH": {"act": "finish"},
    "F10": {"sheet": "pack_missing"},
    "Escape": {"act": "back"},
}
PAPER_KEYS = {"label.pdf": "F2", "slip.pdf": "F3", "label.zpl": "F4"}


class PackFlow(Flow):
    """States: ``pack_start`` (no order open), ``pack_order``, ``pack_done`` (papers).

    Inputs: ``picking_id``: the order shown last, whose papers are shown once it is shipped;
    ``aside``: the packer put the order aside. The event ``number``: how many pieces the next scan
    counts.
    """

    name = "pack"

    def answer(self, inputs, event):
        """The open order of this station, the papers of the last one, or the list of orders."""
        picking = self.env["stock.picking"] if inputs.get("aside") else self._open_order()
        if picking:
            each = str(event.get("quantity") or 1) if event.get("action") == "number" else "1"
            return self.reply(self._order(picking, each))
        done = self._last(inputs.get("picking_id"))
        return self.reply(self._done(done) if done else self._start())

    def _is_lead(self):
        return self.user.has_group("inventory_wms.group_lead")

    def _open_order(self):
        mine = Domain("wms_pack_device_id.uid", "=", self.device_id or "-")
        mine &= Domain("wms_packer_id", "=", self.user.id)
        mine &= Domain("state", "not in", ("done", "cancel"))
        return self.env["stock.picking"].search(mine, limit=1)

    def _last(self, picking_id):
        """The order that was on this screen, if it is shipped and one's own."""
        if type(picking_id) is not int:
            return None
        picking = self.env["stock.picking"].browse(picking_id).exists()
        mine = picking.wms_packer_id == self.user and picking.company_id in self.user.company_ids
        return picking if mine and picking.state == "done" else None

    # ------------------------------------------------------------------- no order open
    def _start(self):
        return whole_screen(
            screen="pack_start",
            title=self._("Packing station"),
            subtitle=self.user.name,
            orders=[self._waiting_json(picking) for picking in self._waiting()],
            accepts={"scan": {"kind": "command", "op": "pack.open", "field": "code"}},
            keys=START_KEYS,
        )

    def _waiting(self):
        """Half-packed orders first, then what is picked and waits on carts."""
        released = Domain("batch_id.state", "=", "in_progress") | Domain(
            "wms_packer_id", "!=", False
        )
        if self._is_lead():  # who may pack without waves as well
            released |= Domain("picking_type_code", "=", "outgoing") & Domain(
                "batch_id", "=", False
            )
        domain = Domain("state", "=", "assigned") & Domain("wms_hold", "=", False) & released
        domain &= Domain("company_id", "in", self.user.company_ids.ids)
        found = self.env["stock.picking"].search(domain, order="date_deadline, id", limit=60)
        ready = found.filtered(
            lambda picking: not any(task._is_open for task in picking.move_line_ids.wms_task_id)
        )
        return ready.sorted(lambda picking: not picking.wms_packer_id)[:MOST_WAITING]

    def _waiting_json(self, picking):
        pieces = sum(picking.move_line_ids.mapped("quantity_product_uom"))
        text = self._("%s pieces", decimal_text(pieces))
        if picking.wms_packer_id:
            text = self._("%(text)s, begun by %(who)s", text=text, who=picking.wms_packer_id.name)
        return {
            "id": picking.id,
            "name": picking.origin or picking.name,
            "text": text,
            "slot": self._place(picking),
        }

    def _place(self, picking):
        """Where the goods stand: cart and slot, or nothing."""
        cart = picking.batch_id.wms_cart_id.name
        return " ".join(part for part in (cart, picking.wms_cart_slot) if part)

    # ---------------------------------------------------------------------- one order
    def _order(self, picking, each):
        packing = self.env["wms.packing"]
        found = packing._order_json(picking)
        proposal = packing._proposal(picking)
        rows = self._rows(picking, found)
        left = [row for row in rows if row["state"] != "done"]
        open_boxes = [box for box in found["boxes"] if box["state"] == "open" and box["items"]]
        order = {"picking_id": picking.id}
        accepts = {
            name: {"kind": "command", "op": f"pack.{name}", "args": order}
            for name in ("next_box", "close_box", "undo", "finish")
        }
        accepts |= {
            "scan": {
                "kind": "command",
                "op": "pack.scan_item",
                "field": "barcode",
                "args": {**order, "quantity": each},
            },
            "finish_partial": {
                "kind": "command",
                "op": "pack.finish",
                "args": {**order, "partial": True},
            },
            "number": {"kind": "event"},
            "back": {"kind": "flow", "flow": "pack", "inputs": {"aside": True}},
        }
        return whole_screen(
            screen="pack_order",
            inputs={"picking_id": picking.id},
            title=self._("Pack %s", found["order"]),
            subtitle=" · ".join(part for part in (picking.name, self._place(picking)) if part),
            progress={"confirmed": len(rows) - len(left), "total": len(rows)},
            facts=self._facts(picking),
            rows=rows,
            each=each,
            left=len(left),
            box=self._box(picking, found, proposal),
            boxes=[self._closed(box) for box in found["boxes"] if box["state"] == "closed"],
            types=self._types(picking),
            type_id=proposal["boxes"][0]["type_id"] if proposal else None,
            missing=found["missing"],
            ready=not left and not open_boxes,
            can_ship=any(box["items"] for box in found["boxes"]) and not open_boxes,
            is_lead=self._is_lead(),
            done={
                "op": "pack.finish",
                "title": self._("Shipped"),
                "detail": self._("Order %s", found["order"]),
            },
            accepts=accepts,
            keys=ORDER_KEYS,
        )

    def _facts(self, picking):
        """What the packer should know of the order, in few words."""
        facts = []
        if "carrier_id" in picking._fields and picking["carrier_id"]:
            facts.append({"word": self._("Carrier"), "text": picking["carrier_id"].name})
        if picking.partner_id:
            facts.append({"word": self._("To"), "text": picking.partner_id.display_name})
        return facts

    def _rows(self, picking, found):
        """The contents, what is missing first; the order within stays the order of the list."""
        products = self.env["product.product"].browse(
            [row["product_id"] for row in found["contents"]]
        )
        by_id = {product.id: product for product in products}
        rows = []
        for number, row in enumerate(found["contents"]):
            product = by_id[row["product_id"]]
            done = row["expected"] == row["packed"]
            begun = row["packed"] != "0"
            rows.append(
                {
                    "key": number,
                    "name": product.name,
                    "code": row["sku"],
                    "lot": row["lot"],
                    "serial": product.tracking != "none",
                    "picture": f"/wms/picture/{product.id}" if product.image_128 else None,
                    "expected": row["expected"],
                    "packed": row["packed"],
                    "unit": unit_text(self.env, row["expected"], product.uom_id),
                    "state": "done" if done else "begun" if begun else "open",
                }
            )
        return sorted(rows, key=lambda row: (row["state"] == "done", row["key"]))

    def _box(self, picking, found, proposal):
        """The box on the table: which one is proposed, what is in it, how it is filled."""
        current = picking.wms_pack_box_ids.filtered(lambda box: box.state == "open")[-1:]
        number = found["current"] or len(found["boxes"]) + 1
        if not proposal:
            return {"number": number, "name": "", "text": "", "drawing": None, "more": 0}
        first = proposal["boxes"][0]
        inside = {}
        for item in current.item_ids:
            inside[item.product_id.id] = inside.get(item.product_id.id, 0.0) + item.quantity
        pieces = []
        for piece in first["pieces"]:
            amount = inside.get(piece["product_id"], 0.0)
            inside[piece["product_id"]] = amount - 1
            pieces.append({"at": piece["at"], "sides": piece["sides"], "inside": amount > 0})
        length, width, height = (f"{side / 10:g}" for side in first["inner"])
        text = self._("%(l)s × %(w)s × %(h)s cm inside, %(filled)s %% full",
            l=length, w=width, h=height, filled=first["filled"])  # fmt: skip
        return {
            "number": number,
            "name": first["name"],
            "text": text,
            "weight": self._kg(first["weight"]),
            "guessed": ", ".join(proposal["guessed"][:2]),
            "left": ", ".join(proposal["left"][:2]),
            "more": len(proposal["boxes"]) - 1,
            "drawing": {"inner": first["inner"], "pieces": pieces},
        }

    def _kg(self, grams):
        return f"{float(grams) / 1000:.2f} kg"

    def _closed(self, box):
        weight = box["weight"] if box["weight"] != "0" else box["expected_weight"]
        parts = [box["type"], self._kg(weight) if weight != "0" else ""]
        return {
            "number": box["number"],
            "text": ", ".join(part for part in parts if part),
            "items": ", ".join(f"{item['quantity']} × {item['name']}" for item in box["items"]),
        }

    def _types(self, picking):
        types = self.env["wms.cartons"]._box_types(picking.company_id)
        return [{"id": kind.id, "name": kind.name} for kind in types]

    # ------------------------------------------------------------------------- shipped
    def _done(self, picking):
        boxes = picking.wms_pack_box_ids.filtered("package_id")
        papers = self.env["wms.packing.shipping"]._papers(picking, boxes)
        papers = [{**paper, "key": PAPER_KEYS.get(paper["kind"], "")} for paper in papers]
        later = picking.backorder_ids.filtered(lambda order: order.state != "cancel")
        pieces = sum(boxes.item_ids.mapped("quantity"))
        unit = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        amount = pieces_text(self.env, pieces, unit) if unit else decimal_text(pieces)
        return whole_screen(
            screen="pack_done",
            inputs={"picking_id": picking.id},
            title=self._("Packing station"),
            subtitle=self.user.name,
            headline=self._("%s is packed", picking.origin or picking.name),
            text=self._("%(pieces)s in %(boxes)s", pieces=amount, boxes=self._count(len(boxes))),
            packages=[
                {
                    "id": box.id,
                    "name": box.package_id.name,
                    "text": ", ".join(
                        part
                        for part in (
                            self._("Box %(n)s of %(of)s", n=number, of=len(boxes)),
                            box.package_type_id.name,
                            self._kg(box.weight or box.expected_weight),
                        )
                        if part
                    ),
                }
                for number, box in enumerate(boxes, 1)
            ],
            papers=papers,
            later=self._("%s follows later", later[:1].name) if later else "",
            accepts={"scan": {"kind": "command", "op": "pack.open", "field": "code"}},
            keys={paper["key"]: {"open": paper["url"]} for paper in papers if paper["key"]},
        )

    def _count(self, boxes):
        return self._("1 box") if boxes == 1 else self._("%s boxes", boxes)
