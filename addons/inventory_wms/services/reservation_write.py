"""Writing a reservation: one update of the quants, the move lines in one go.

Lines are made by the ORM with core's own values and core's context hook for stock that is
reserved already, so that every add-on that listens to new lines still does.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

# Marks lines whose stock was reserved for all of them at once. An object, so that no remote
# call can pass it in a context.
RESERVED_IN_BULK = object()


@dataclass(frozen=True)
class Weights:
    """What lies in packages: transfer id -> package id -> kilograms; core asks for one transfer
    after the other."""

    inside: dict


class WmsReservation(models.AbstractModel):
    _inherit = "wms.reservation"

    def _book(self, takes, stock, merge=True):
        """Write reserved quantities and move lines.

        :param merge: add to a line that a move has at the same place already, as core does
        :return: list of (Take, stock.move.line), in the sequence of ``takes``
        """
        if not takes:
            return []
        # sudo: reserved quantities are nobody's to write but the reservation's, as in core.
        quants = self.env["stock.quant"].sudo().browse([take.source for take in takes])
        self._hold(takes)
        # only what is needed: all columns of thousands of rows cost as much as the update
        quants.fetch(["location_id", "lot_id", "package_id", "owner_id"])
        quants.location_id.fetch(["usage", "company_id"])
        moves = self.env["stock.move"].browse(dict.fromkeys(take.need for take in takes))
        present = self._present_lines(moves) if merge else {}
        booked, values, makers = [], [], []
        for take, quant in zip(takes, quants, strict=True):
            move = moves.browse(take.need).with_prefetch(moves._prefetch_ids)
            line = present.get((move.id, *stock.rows[take.source].key))
            if line and self._raise_line(line, float(take.quantity)):
                booked.append((take, line))
                continue
            made = self._line_values(move, quant, float(take.quantity))
            values += made
            makers += [take] * len(made)
        booked += zip(makers, self._create_lines(values), strict=True)
        self._finish(moves, booked)
        return booked

    # ----------------------------------------------------------------------- quants
    def _hold(self, takes):
        """Lock the quants in the order of their ids and add what is taken, in two statements.

        Whoever changed one of them since our snapshot makes PostgreSQL fail this transaction;
        the door, or Odoo, starts it again.
        """
        booked = defaultdict(Decimal)
        for take in takes:
            booked[take.source] += take.quantity
        ids = sorted(booked)
        self.env.cr.execute(
            SQL("SELECT id FROM stock_quant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", ids)
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_quant q
                   SET reserved_quantity = q.reserved_quantity + taken.quantity,
                       write_uid = %s, write_date = %s
                  FROM unnest(%s::int[], %s::numeric[]) AS taken(id, quantity)
                 WHERE q.id = taken.id
                """,
                self.env.uid,
                fields.Datetime.now(),
                ids,
                [booked[quant_id] for quant_id in ids],
            )
        )
        quants = self.env["stock.quant"].browse(ids)
        quants.invalidate_recordset(["reserved_quantity", "write_uid", "write_date"], flush=False)
        quants.modified(["reserved_quantity"])

    # ------------------------------------------------------------------------ lines
    def _present_lines(self, moves):
        """Lines that may get more: (move, product, location, lot, package, owner) -> line."""
        return {
            (
                line.move_id.id,
                line.product_id.id,
                line.location_id.id,
                line.lot_id.id or None,
                line.package_id.id or None,
                line.owner_id.id or None,
            ): line
            for line in moves.move_line_ids
            if not line.result_package_id
            and line.product_id.tracking != "serial"
            # a stop of a wave says how much it holds; more of it is a stop of its own
            and not (line.picked or line.wms_task_id)
        }

    def _raise_line(self, line, quantity) -> bool:
        """Add to a line unless its unit of measure can't say the quantity, as in core."""
        digits = self._digits()
        uom = line.product_id.uom_id
        more = uom._compute_quantity(quantity, line.product_uom_id, rounding_method="HALF-UP")
        more = round(more, digits)
        back = line.product_uom_id._compute_quantity(more, uom, rounding_method="HALF-UP")
        if uom.compare(quantity, back) != 0:
            return False
        marked = line.with_context(wms_reserved=RESERVED_IN_BULK)
        marked.quantity += more
        return True

    def _line_values(self, move, quant, quantity):
        kind = move.picking_type_id
        lots = kind.use_create_lots or kind.use_existing_lots
        if lots and move.product_id.tracking == "serial":
            values = move._add_serial_move_line_to_vals_list(quant, quantity)
        else:
            values = [move._prepare_move_line_vals(quantity=quantity, reserved_quant=quant)]
        # A move with one picked line makes core believe that every new line is picked too.
        return [{**vals, "picked": False} for vals in values]

    def _create_lines(self, values):
        marked = self.env["stock.quant"].with_context(wms_reserved=RESERVED_IN_BULK)
        lines = self.env["stock.move.line"].with_context(reserved_quant=marked).create(values)
        return lines.with_env(self.env)

    # ----------------------------------------------------------------------- states
    def _states(self, pickings):
        """States before a reservation, of transfers without a change that is still to be logged."""
        tracked = self.env.cr.precommit.data.get("mail.tracking.stock.picking", {})
        return {picking: picking.state for picking in pickings if picking.id not in tracked}

    def _log_states(self, before):
        """Write the new states into the transfers' history, all in one go.

        Core's tracking inserts two rows for each transfer when the transaction is committed, which
        takes longer than reserving them.
        """
        if self.env.context.get("tracking_disable") or self.env.context.get("mail_notrack"):
            return
        changed = {picking: old for picking, old in before.items() if picking.state != old}
        if not changed:
            return
        pickings = self.env["stock.picking"].union(*changed)
        pickings._track_discard()
        names = dict(pickings._fields["state"]._description_selection(self.env))
        pickings._message_log_batch(
            {
                picking.id: self.env._(
                    "Stock reserved: %(old)s → %(new)s", old=names[old], new=names[picking.state]
                )
                for picking, old in changed.items()
            }
        )

    # ------------------------------------------------------------------ what follows
    def _finish(self, moves, booked):
        """What core does after reserving: serials to come, whole packages, put-away."""
        lines = self.env["stock.move.line"].union(*(line for _take, line in booked))
        serials = moves.filtered(lambda move: move.product_id.tracking == "serial")
        for quantity, same in serials.grouped("product_uom_qty").items():
            same.next_serial_count = quantity
        if not self.env.context.get("bypass_entire_pack"):
            self._whole_packages(lines)
        # Anywhere else core's put-away answers with the destination that the line has already.
        directed = lines.filtered(
            lambda line: (
                line.move_id.location_dest_id.putaway_rule_ids
                or line.move_id.location_dest_id.usage == "view"
            )
        )
        directed._apply_putaway_strategy()

    def _whole_packages(self, lines):
        """Let core see whether packages move as a whole.

        Transfers that share no package are judged apart: core looks through all lines for every
        package, which takes minutes for a thousand transfers at once.
        """
        packed = lines.filtered("package_id")
        if not packed:
            return
        # read for all of them at once what core reads for one after the other
        packed.package_id.contained_quant_ids.mapped("quantity")
        for pickings in self._by_shared_packages(packed):
            pickings._check_entire_pack()
        pickings = packed.filtered("result_package_id").picking_id
        weighed = pickings.with_context(wms_weights=self._weights(pickings))
        weighed._recompute_recordset(["weight_bulk", "shipping_weight"])

    def _weights(self, pickings):
        """What lies in the packages of transfers, read for all of them at once."""
        inside = {picking.id: defaultdict(float) for picking in pickings}
        groups = self.env["stock.move.line"]._read_group(
            [("picking_id", "in", pickings.ids), ("result_package_id", "!=", False)],
            ["picking_id", "result_package_id", "product_id", "product_uom_id", "quantity"],
            ["__count"],
        )
        for picking, package, product, unit, quantity, count in groups:
            units = count * unit._compute_quantity(quantity, product.uom_id)
            inside[picking.id][package.id] += units * product.weight
        return Weights(inside)

    def _by_shared_packages(self, lines):
        """Transfers in sets; no package, nor one that holds packages, has lines in two sets."""
        leader = {picking.id: picking.id for picking in lines.picking_id}

        def find(picking_id):
            while leader[picking_id] != picking_id:
                picking_id = leader[picking_id]
            return picking_id

        outermost = lines.grouped(lambda line: line.package_id.parent_path.split("/", 1)[0])
        for same in outermost.values():
            first, *others = (find(picking_id) for picking_id in same.picking_id.ids)
            for other in others:
                leader[find(other)] = find(first)
        sets = defaultdict(list)
        for picking_id in leader:
            sets[find(picking_id)].append(picking_id)
        return [lines.picking_id.browse(ids) for ids in sets.values()]
