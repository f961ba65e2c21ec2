"""Kits: one line is bought or sold, but its components are what is received and shipped.

What a kit's order line means for a component is read off the line's own moves at its first receipt
or bill, and kept: how many units of it belong to one kit, and which share of the price.  The share
is the one that the bill of materials gives (``cost_share`` of the manufacturing add-ons, in per
cent), else that of the components' own cost.  A line whose moves carry its own product is no kit.
"""

from dataclasses import dataclass
from fractions import Fraction

from odoo import models

from ..engine.cost_corrections import Open
from ..engine.cost_layers import spread_over

_ENDS = ("supplier", "customer", "transit")


@dataclass(frozen=True)
class Component:
    """One component of a kit's order line: its units in one kit, its share of the price."""

    product: object
    qty: Fraction
    share: Fraction


@dataclass(frozen=True)
class Part:
    """A bill line, or the part of a kit's line that is for one component."""

    line: object
    product_id: object

    def __getattr__(self, name):
        """Everything but the product is the line's."""
        return getattr(self.line, name)


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _kit(self, order_line):
        """Product -> :class:`Component`; empty for a line that is no kit."""
        moves = self._kit_moves(order_line)
        if not moves or moves.product_id == order_line.product_id:
            return {}
        kept = order_line.wms_kit or {}
        if not {str(product_id) for product_id in moves.product_id.ids} <= kept.keys():
            kept = order_line.wms_kit = self._read_kit(order_line, moves)
        products = self.env["product.product"].browse(map(int, kept))
        return {
            product: Component(product, *map(Fraction, kept[str(product.id)]))
            for product in products
        }

    def _kit_moves(self, order_line):
        """The moves that say what a kit consists of.

        Cancelled ones only where they are what is left of a receipt: an order that was cancelled
        and confirmed again has all of its moves twice.
        """
        return order_line.move_ids.filtered(
            lambda move: (
                not move.origin_returned_move_id
                and {move.location_id.usage, move.location_dest_id.usage} & set(_ENDS)
                and (
                    move.state != "cancel"
                    or move.picking_id.backorder_id
                    or move.picking_id.state == "done"
                )
            )
        )

    def _read_kit(self, order_line, moves):
        """Id of the product, as text -> its units in one kit and its share, both as fractions."""
        groups = moves.grouped(lambda move: (self._bom_line(move), move.product_id))
        shares = [self._kit_shares(group) for group in groups.values()]
        # the first weight that says anything: per cent of the bill of materials, cost, units
        weights = next(row for row in zip(*shares, strict=True) if any(row))
        whole, kits = sum(weights), self._kit_ordered(order_line)
        found = {}
        for ((_line, product), group), weight in zip(groups.items(), weights, strict=True):
            qty, share = found.get(product, (Fraction(0), Fraction(0)))
            units = self._demand(group)
            found[product] = (qty + units / kits, share + weight / whole)
        return {str(product.id): [str(part) for part in parts] for product, parts in found.items()}

    def _bom_line(self, move):
        return move.bom_line_id.id if "bom_line_id" in move._fields else False

    def _demand(self, moves):
        return sum((Fraction(repr(move.product_qty)) for move in moves), Fraction(0))

    def _kit_shares(self, moves):
        share = moves[0].cost_share if "cost_share" in moves._fields else 0.0
        units = self._demand(moves)
        cost = units * Fraction(repr(moves.product_id.standard_price))
        return Fraction(repr(share)), cost, units

    def _kit_ordered(self, order_line):
        """Kits that an order line asks for, in the unit of the kit."""
        qty = order_line.product_uom_id._compute_quantity(
            order_line.product_qty, order_line.product_id.uom_id, round=False
        )
        return Fraction(repr(qty)) or Fraction(1)

    # ----------------------------------------------------------------------- documents
    def _is_costed_kit(self, line):
        """Whether components of a bill line are costed at movement."""
        order_line = line.purchase_line_id
        products = order_line.move_ids.product_id - line.product_id
        return bool(products._wms_costed())

    def _kit_account(self, line):
        """The GRNI account of a kit's bill line, that of its first costed component; or empty."""
        order_line = line.purchase_line_id
        products = order_line.move_ids.product_id - line.product_id
        costed = products.with_company(line.company_id)._wms_costed()[:1]
        return costed and self._account(costed, "grni", line.company_id)

    def _bill_parts(self, line, billed, matching):
        """What a bill line pays for: itself, or a kit's components, each with units and amount.

        The components' amounts leave the kit's line for the components, so that the account is
        cleared product by product.

        :param billed: :class:`Open`, units and minor units of the line (refunds < 0)
        :return: list of (:class:`Part`, :class:`Open`) of products costed at movement
        """
        kit = self._kit(line.purchase_line_id) if line.purchase_line_id else {}
        if not kit:
            return [(Part(line, line.product_id), billed)]
        numbers = matching.numbers
        shares = [numbers.qty(part.share * 10**4) for part in kit.values()]
        sharing = [part for part, share in zip(kit.values(), shares, strict=True) if share]
        amounts = iter(spread_over(billed.value, [share for share in shares if share]))
        parts = []
        for component in kit.values():
            value = next(amounts) if component in sharing else 0
            units = numbers.qty(float(component.qty * Fraction(billed.qty)))
            part = Part(line, component.product)
            self._shift_kit(part, value, matching)
            matching.add(part, "kit", abs(units), billed_value=value)
            if component.product._wms_costed() and units:
                parts.append((part, Open(line.id, units, value)))
        return parts

    def _shift_kit(self, part, value, matching):
        """Move an amount from a kit's bill line to a component: to GRNI, or to its expense."""
        line, product = part.line, part.product_id
        if product._wms_costed():
            account = self._account(product, "grni")
        else:
            account = product._get_product_accounts()["expense"] or line.account_id
        matching.entry.shift((line.account_id, line.product_id), (account, product), value)

    def _withdraw_kit(self, row, matching):
        part = Part(row.bill_line_id, row.product_id)
        self._shift_kit(part, -matching.numbers.minor(row.billed_value), matching)
