"""Less in the bin than the books say: free the rest, ask for a count, find it elsewhere."""

from odoo import fields, models


class WmsShortage(models.AbstractModel):
    _name = "wms.shortage"
    _description = "Short picks"

    def _replace(self, task, reason):
        """Close a stop as short and plan the missing goods from other bins.

        The stock that was not found stays in the books until it is counted, but waves leave it
        alone from now on.

        :return: (wms.task planned instead, quantity that is nowhere)
        """
        demand = task.demand
        missing = self._cut_lines(task)
        if missing or task.kind == "put_back":
            self._request_count(task)
        task._touch(
            state="short", demand=demand, reason_id=reason.id, done_at=fields.Datetime.now()
        )
        if task.kind == "put_back":
            self.env["wms.shipping"]._finish(task.batch_id)
            return task.browse(), 0.0
        return self._look_elsewhere(task, missing)

    def _look_elsewhere(self, task, missing):
        """Plan what a stop could not give from other stock, and say what is nowhere.

        :param missing: {stock.move: quantity in the product's unit}
        :return: (wms.task planned instead, quantity that is nowhere)
        """
        lines, why = self.env["wms.reservation"]._reserve_more(missing)
        instead = self._plan_lines(task, lines, why)
        uom = task.product_id.uom_id
        nowhere = {}
        for move, quantity in missing.items():
            found = lines.filtered(lambda line, move=move: line.move_id == move)
            rest = uom.round(quantity - sum(found.mapped("quantity_product_uom")))
            if uom.compare(rest, 0) > 0:
                nowhere[move] = rest
        if nowhere:
            self._wms_stock_short(nowhere)
        return instead, uom.round(sum(nowhere.values()))

    def _wms_stock_short(self, missing):
        """Hook: these goods are nowhere in the warehouse; whoever sold them should know.

        :param missing: {stock.move: quantity in the product's unit}
        """

    def _cut_lines(self, task):
        """Keep what was scanned, give the rest of the reservation back.

        :return: {stock.move: quantity missing in the product's unit}
        """
        uom = task.product_id.uom_id
        return self._give_up(
            {
                line: uom.round(line.quantity_product_uom - line.wms_scanned)
                for line in task.move_line_ids
            }
        )

    def _give_up(self, amounts):
        """Take quantities out of reservations.

        :param amounts: {stock.move.line: quantity in the product's unit}, none of it scanned
        :return: {stock.move: quantity missing in the product's unit}
        """
        missing = {}
        for line, amount in amounts.items():
            uom = line.product_id.uom_id
            if uom.compare(amount, 0) <= 0:
                continue
            missing[line.move_id] = missing.get(line.move_id, 0.0) + amount
            rest = uom.round(line.quantity_product_uom - amount)
            if uom.compare(rest, 0) > 0:
                line._wms_set(rest)
            else:
                line.wms_task_id = False  # the stop itself says what was short
                line.unlink()
        return missing

    def _request_count(self, task):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", task.product_id.id),
                ("location_id", "=", task.location_id.id),
                ("lot_id", "=", task.lot_id.id),
            ]
        )
        quants.write({"wms_short_at": fields.Datetime.now(), "inventory_date": fields.Date.today()})

    def _plan_lines(self, task, lines, why):
        """Stops for lines found elsewhere, put into the rest of the walk.

        :return: wms.task, new ones and open ones that got more
        """
        if not lines:
            return task.browse()
        return self._add_stops(task.batch_id, lines, why, task)

    def _add_stops(self, wave, lines, why, instead_of=None):
        """Stops for further lines of a running wave, in walking order from where its worker is.

        :param why: {line: explanations}
        :param instead_of: the wms.task that could not give these goods, or None
        :return: wms.task, new ones and open ones that got more
        """
        planning = self.env["wms.planning"]
        opened = {
            (other.location_id, other.product_id, other.lot_id): other
            for other in wave.wms_task_ids._opened()
            if other.kind == "pick"
        }
        changed = wave.wms_task_ids.browse()
        values = []
        stops = planning._stops(lines)
        for key, found in stops.items():
            if key in opened:
                other = opened[key]
                found.wms_task_id = other
                other._touch(demand=sum(other.move_line_ids.mapped("quantity_product_uom")))
                changed += other
            else:
                values.append(self._stop_values(wave, key, found, why))
        if instead_of:
            first = {"code": "why_instead", "params": {"bin": instead_of.location_id.name}}
        else:
            first = {"code": "why_added", "params": {}}
        for vals in values:
            vals["explanation"] = [first, *vals["explanation"]]
        created = changed.create(values)
        planning._link_lines(created, {wave: stops})
        if instead_of:
            self._reorder(wave, instead_of)
        else:
            self.env["wms.changes"]._walk_on(wave)
        return changed + created

    def _stop_values(self, wave, key, lines, why):
        location, product, lot = key
        reasons = [reason for line in lines for reason in why.get(line, [])][:1]
        return {
            "batch_id": wave.id,
            "state": wave.wms_worker_id and "claimed" or "ready",
            "worker_id": wave.wms_worker_id.id,
            "location_id": location.id,
            "product_id": product.id,
            "lot_id": lot.id,
            "demand": sum(lines.mapped("quantity_product_uom")),
            "done": sum(lines.mapped("wms_scanned")),
            "explanation": reasons,
        }

    def _reorder(self, wave, current):
        """Walk the open stops from where the worker stands.

        :param current: the wms.task the worker is at, or none: at the dock
        """
        tasks = wave.wms_task_ids._opened()
        if not tasks:
            return
        floor = self.env["wms.walk"]._floor(tasks.location_id | current.location_id)
        walk = floor.plan(tasks.location_id, start=current.location_id)
        # At one bin what is to be picked comes first: hands are free for it.
        ordered = tasks.sorted(
            lambda task: (
                task != current,
                walk.position(task.location_id),
                task.kind == "put_back",
                task.id,
            )
        )
        previous = current.location_id
        closed = (wave.wms_task_ids - tasks).mapped("sequence")
        first = max([current.sequence, *closed]) + 1
        for sequence, task in enumerate(ordered, start=first):
            same = task.location_id == previous
            previous = task.location_id
            task.write(
                {"sequence": sequence, "distance": 0.0 if same else walk.step(task.location_id)}
            )
