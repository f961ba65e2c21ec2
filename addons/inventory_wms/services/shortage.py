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
        missing = self._cut_lines(task)
        if missing:
            self._request_count(task)
        task._touch(state="short", reason_id=reason.id, done_at=fields.Datetime.now())
        lines, why = self.env["wms.reservation"]._reserve_more(missing)
        instead = self._plan_lines(task, lines, why)
        found = sum(lines.mapped("quantity_product_uom"))
        uom = task.product_id.uom_id
        return instead, max(0.0, uom.round(sum(missing.values()) - found))

    def _cut_lines(self, task):
        """Keep what was scanned, give the rest of the reservation back.

        :return: {stock.move: quantity missing in the product's unit}
        """
        uom = task.product_id.uom_id
        missing = {}
        empty = task.move_line_ids.browse()
        for line in task.move_line_ids:
            rest = uom.round(line.quantity_product_uom - line.wms_scanned)
            if uom.compare(rest, 0) <= 0:
                continue
            missing[line.move_id] = missing.get(line.move_id, 0.0) + rest
            if not line.wms_scanned:
                empty += line
        (task.move_line_ids - empty)._wms_settle()
        empty.wms_task_id = False  # the stop itself says what was short
        empty.unlink()
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
        wave = task.batch_id
        planning = self.env["wms.planning"]
        opened = {
            (other.location_id, other.product_id, other.lot_id): other
            for other in wave.wms_task_ids._opened()
        }
        changed = task.browse()
        values = []
        stops = planning._stops(lines)
        for key, found in stops.items():
            if key in opened:
                other = opened[key]
                found.wms_task_id = other
                other._touch(demand=sum(other.move_line_ids.mapped("quantity_product_uom")))
                changed += other
            else:
                values.append(self._stop_values(task, key, found, why))
        created = task.create(values)
        planning._link_lines(created, {wave: stops})
        self._reorder(wave, task)
        return changed + created

    def _stop_values(self, task, key, lines, why):
        location, product, lot = key
        reasons = [reason for line in lines for reason in why.get(line, [])][:1]
        instead = {"code": "why_instead", "params": {"bin": task.location_id.name}}
        return {
            "batch_id": task.batch_id.id,
            "sequence": task.sequence,
            "state": task.batch_id.wms_worker_id and "claimed" or "ready",
            "worker_id": task.batch_id.wms_worker_id.id,
            "location_id": location.id,
            "product_id": product.id,
            "lot_id": lot.id,
            "demand": sum(lines.mapped("quantity_product_uom")),
            "explanation": [instead, *reasons],
        }

    def _reorder(self, wave, current):
        """Walk the open stops from where the worker stands.

        :param current: the wms.task where he stands, or empty at the dock
        :return: Walk
        """
        tasks = wave.wms_task_ids._opened()
        floor = self.env["wms.walk"]._floor(tasks.location_id | current.location_id)
        walk = floor.plan(tasks.location_id, start=current.location_id)
        ordered = tasks.sorted(lambda task: (walk.position(task.location_id), task.id))
        previous = current.location_id
        for sequence, task in enumerate(ordered, start=current.sequence + 1):
            same = task.location_id == previous
            previous = task.location_id
            task.write(
                {"sequence": sequence, "distance": 0.0 if same else walk.step(task.location_id)}
            )
        return walk
