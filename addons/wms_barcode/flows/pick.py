"""Picking a wave: walk to the bin, scan it, scan the goods, and ship what lies on the cart."""

from odoo.fields import Domain

from .base import Flow, decimal_text, pieces_text, stops_text, unit_text, wave_label, whole_screen
from .bins import BinDrawing
from .slots import GoodsInHand

OPEN = ("ready", "claimed")
FINISHED = ("done", "short")
MOST_OTHER_BINS = 2
MOST_SHOWN = 40  # characters of a code that nobody knows


class PickFlow(GoodsInHand, Flow):
    """States: ``bin`` (walk and scan the bin), ``goods`` (scan the pieces), ``ship``.

    Inputs: ``wave_id``; ``task_id`` and ``bin``: the stop whose bin was scanned, and its code;
    ``each``: how many pieces the next scan counts.
    """

    name = "pick"

    def answer(self, inputs, event):
        """The next stop of the wave, or its shipping, or home when it is not ours any more."""
        wave = self._wave(inputs.get("wave_id"))
        if not wave:
            from .home import HomeFlow

            return HomeFlow(self.caller, self.device_id).answer({"stay": True}, {})
        tasks = wave.wms_task_ids.sorted("sequence")
        task = tasks.filtered(lambda task: task.state in OPEN)[:1]
        if not task:
            return self._ship(wave, event)
        kept = inputs if inputs.get("task_id") == task.id else {}
        if not kept and inputs.get("swap") == task.location_id.id:  # another lot, the same bin
            kept = {"task_id": task.id, "bin": inputs["bin"]}
        return self._stop(tasks, task, kept, event)

    def _wave(self, wave_id):
        if type(wave_id) is not int:
            return None
        wave = self.env["stock.picking.batch"].browse(wave_id).exists()
        mine = wave.company_id in self.user.company_ids and wave.wms_worker_id == self.user
        return wave if mine and wave.state == "in_progress" else None

    # ------------------------------------------------------------------- one stop
    def _stop(self, tasks, task, kept, event):
        message, command = None, None
        action, code = event.get("action"), str(event.get("code") or "")
        if action == "scan" and not kept.get("bin"):
            kept, message = self._bin_scanned(task, code)
        elif action == "scan" and self.confirms_slot(task):
            kept, message, command = self.scanned(task, kept, code)
        elif action == "number" and kept.get("bin"):
            kept = {**kept, "each": str(event.get("quantity"))}
        elif action == "swap" and kept.get("bin"):
            kept = {**kept, "swap": task.location_id.id}
        elif action == "leave":
            kept = {name: kept[name] for name in ("task_id", "bin") if name in kept}
        draw = self._goods if kept.get("bin") else self._bin
        inputs = {"wave_id": task.batch_id.id, "task_id": task.id, **kept}
        more = {"command": command} if command else {}
        return self.reply({**draw(tasks, task, kept), "inputs": inputs}, message, **more)

    def _bin_scanned(self, task, code):
        """Accept the bin's label, its name or its check digits; a check, not a command."""
        bin_ = task.location_id
        digits = str(bin_.wms_check_digit or "")
        known = {text.casefold() for text in (bin_.barcode, bin_.name, digits) if text}
        if code.strip().casefold() in known:
            return {"task_id": task.id, "bin": code.strip()}, None
        return {}, self._wrong_bin(bin_, code, digits)

    def _wrong_bin(self, bin_, code, digits):
        if digits and len(code) == len(digits) and code.isdigit():
            return self.message("wrong_check_digits", needed=bin_.name)
        found = self.env["wms.scanner"]._resolve(code, self.user)
        if found["bin"]:
            sentence = self.message("wrong_bin_scan", needed=bin_.name)
            return {**sentence, "needed": self._("Needed"), "scanned": found["bin"][:1].name}
        things = [record for records in found.values() for record in records]
        if things:
            name = things[0].display_name
            sentence = self.message("not_a_bin", found=name, needed=bin_.name)
        else:
            sentence = self.message("unknown_code", code=code[:MOST_SHOWN])
        return {**sentence, "scanned": code[:MOST_SHOWN]}

    def _common(self, tasks, task):
        """What both screens of a stop show: where we are in the wave, and a way out."""
        finished = len(tasks.filtered(lambda other: other.state in FINISHED))
        total = len(tasks.filtered(lambda other: other.state != "cancelled"))
        return whole_screen(
            task_id=task.id,
            title=self._title(task),
            subtitle=self._("Stop %(at)s of %(total)s", at=finished + 1, total=total),
            progress={"confirmed": finished, "total": total},
            short=self._short(task),
            take=self._take(task, "1"),
            slot=self._slot(task),
            item=self._item(task),
        )

    def _title(self, task):
        text = self._("Put back, %s") if task.kind == "put_back" else self._("Pick %s")
        return text % wave_label(self.env, task.batch_id)

    def _accepts(self, task, scan):
        short = {"op": "pick.short", "args": {"task_id": task.id}}
        return {
            "scan": scan,
            "short": {"kind": "command", **short},
            "back": {"kind": "flow", "flow": "home", "inputs": {"stay": True}},
        }

    def _bin(self, tasks, task, kept):
        drawing = BinDrawing(self)
        bin_ = task.location_id
        before = tasks.filtered(lambda other: other.state in FINISHED).sorted("done_at")[-1:]
        after = tasks.filtered(lambda other: other.state in OPEN)[1:2]
        reasons = task._reasons()
        return {
            **self._common(tasks, task),
            "screen": "bin",
            "take": None,
            "plate": drawing.plate(bin_),
            "way": drawing.way(before.location_id, bin_, task.distance, reasons[:1]),
            "why": reasons,
            "maps": drawing.maps(before.location_id, bin_, after.location_id, task.distance),
            "then": drawing.then(after),
            "hint": self._("Label torn? Type the check digits on it")
            if bin_.wms_check_digit
            else self._("Label torn? Type the bin's code"),
            "buttons": [{"sheet": "short", "icon": "short", "word": self._("Short")}],
            "accepts": self._accepts(task, {"kind": "event", "field": "code"}),
        }

    def _goods(self, tasks, task, kept):
        each = kept.get("each") or "1"
        return {
            **self._common(tasks, task),
            "screen": "goods",
            "at": task.location_id.name,
            "take": self._take(task, each),
            "prompt": self.goods_prompt(task, kept),
            "buttons": self.goods_buttons(task, kept),
            "accepts": {**self._accepts(task, None), **self.goods_accepts(task, kept, each)},
        }

    def _puts(self, task):
        """Orders of the stop in the order in which goods are put on the cart.

        :return: list of (transfer, wanted, scanned), the quantities in the product's unit
        """
        puts = {}
        for line in self.env["wms.tasks"]._in_put_order(task.move_line_ids):
            wanted, scanned = puts.get(line.picking_id, (0.0, 0.0))
            puts[line.picking_id] = (
                wanted + line.quantity_product_uom,
                scanned + line.wms_scanned,
            )
        return [(order, *amounts) for order, amounts in puts.items()]

    def _put(self, task):
        """The order whose goods are taken now: one slot at a time, one number on the screen."""
        uom = task.product_id.uom_id
        puts = self._puts(task)
        unfinished = [put for put in puts if uom.compare(put[1], put[2]) > 0]
        return (unfinished or puts or [(task.batch_id.picking_ids[:1], task.demand, task.done)])[0]

    def _take(self, task, each):
        uom = task.product_id.uom_id
        _order, wanted, scanned = self._put(task)
        orders = len(self._puts(task))
        here = ""
        if orders > 1:
            amount = pieces_text(self.env, task.demand, uom)
            here = self._("of %(amount)s for %(orders)s orders", amount=amount, orders=orders)
        return {
            "quantity": decimal_text(uom.round(wanted)),
            "done": decimal_text(uom.round(scanned)),
            "unit": unit_text(self.env, wanted, uom),
            "word": self._("Put back") if task.kind == "put_back" else self._("Take"),
            "each": each,
            "here": here,
            "fractions": uom.compare(uom.round(0.5), 0.5) == 0,
        }

    def _item(self, task):
        product = task.product_id
        lot = task.lot_id
        facts = [{"word": self._("Lot"), "text": lot.name}] if lot else []
        if lot.expiration_date:
            text = lot.expiration_date.strftime("%d %b %Y").lstrip("0")
            facts.append({"word": self._("Best before"), "text": text})
        return {
            "name": product.name,
            "code": product.default_code or product.barcode or "",
            "picture": f"/wms/picture/{product.id}" if product.image_128 else None,
            "facts": facts,
        }

    def _slot(self, task):
        """Where the next piece goes: a slot of the cart, else the order itself."""
        if task.kind == "put_back":
            name, word = task.slot or task.order_ref, self._("from slot")
            word = word if task.slot else self._("of order")
            return {"id": task.id, "word": word, "name": name, "text": task.order_ref or ""}
        order = self._put(task)[0]
        cart = task.batch_id.wms_cart_id.name
        named = bool(order.wms_cart_slot)
        return {
            "id": order.id,
            "word": self._("into slot") if named else self._("for order"),
            "name": order.wms_cart_slot or order.origin or order.name,
            "text": self._("Cart %s", cart) if cart else order.origin or order.name,
        }

    def _short(self, task):
        reasons = self.env["wms.tasks"]._reasons_json(task.company_id)
        return {
            "quantity": decimal_text(task.demand),
            "done": decimal_text(task.done),
            "reasons": reasons,
            "elsewhere": self._elsewhere(task) if task.kind == "pick" else [],
            "fixed": self.confirms_slot(task),
        }

    def _elsewhere(self, task):
        """Other bins with free goods, for the person who decides to go on looking."""
        warehouse = task.batch_id.picking_type_id.warehouse_id
        domain = Domain(
            [
                ("product_id", "=", task.product_id.id),
                ("location_id", "child_of", warehouse.lot_stock_id.id),
                ("location_id", "!=", task.location_id.id),
                ("lot_id", "in", [task.lot_id.id, False]),
            ]
        )
        quants = self.env["stock.quant"].search(domain, limit=50)
        free = [(quant, quant.quantity - quant.reserved_quantity) for quant in quants]
        uom = task.product_id.uom_id
        return [
            {"bin": quant.location_id.name, "text": pieces_text(self.env, amount, uom)}
            for quant, amount in free
            if amount > 0
        ][:MOST_OTHER_BINS]

    # -------------------------------------------------------------------- shipping
    def _ship(self, wave, event):
        message = None
        orders = wave.picking_ids.filtered(lambda order: order.state != "cancel")
        more = {}
        if event.get("action") == "scan":
            message, more = self._order_scanned(orders, str(event.get("code") or ""))
        state = self._draw_ship(wave, orders)
        return self.reply({**state, "inputs": {"wave_id": wave.id}}, message, **more)

    def _order_scanned(self, orders, code):
        """Ship the one order whose code was scanned."""
        found = self.env["wms.scanner"]._resolve(code, self.user)
        order = (found["order"] & orders)[:1]
        if order and order.state != "done":
            return None, {"command": {"op": "ship.confirm", "args": {"picking_id": order.id}}}
        if order:
            return self.message("order_shipped", order=order.name), {}
        return {**self.message("order_not_here", code=code), "scanned": code}, {}

    def _draw_ship(self, wave, orders):
        waiting = orders.filtered(lambda order: order.state != "done")
        tasks = wave.wms_task_ids.filtered(lambda task: task.state != "cancelled")
        return whole_screen(
            screen="ship",
            title=self._("Ship %s", wave_label(self.env, wave)),
            subtitle=self._("%s done", stops_text(self.env, len(tasks))),
            progress={"confirmed": len(tasks), "total": len(tasks)},
            headline=self._("Pack and ship %s orders", len(waiting)),
            done={
                "title": self._("Wave done"),
                "detail": self._("%s orders shipped", len(self._packed(orders))),
            },
            orders=[self._order(order) for order in orders.sorted("wms_cart_slot")],
            go={"action": "ship_all", "word": self._("Ship all %s", len(waiting))},
            accepts={
                "scan": {"kind": "event", "field": "code"},
                "ship_all": {
                    "kind": "command",
                    "op": "ship.confirm",
                    "each": [{"picking_id": order.id} for order in waiting],
                },
                "back": {"kind": "flow", "flow": "home", "inputs": {"stay": True}},
            },
        )

    def _packed(self, orders):
        """Orders with goods on the cart; the others wait for another wave."""
        return orders.filtered(lambda order: any(order.move_line_ids.mapped("picked")))

    def _order(self, order):
        lines = order.move_line_ids
        pieces = sum(line.quantity_product_uom for line in lines if line.picked)
        wanted = sum(order.move_ids.mapped("product_qty"))
        text = self._("%s pieces", decimal_text(pieces))
        if pieces < wanted:
            missing = decimal_text(wanted - pieces)
            text = self._("%(text)s, %(missing)s short", text=text, missing=missing)
        return {
            "id": order.id,
            "name": order.origin or order.name,
            "text": text,
            "slot": order.wms_cart_slot or "",
            "shipped": order.state == "done",
        }
