"""The scale at the packing station: what a box should weigh, and what happens when it does not."""

from odoo import models

from ..exceptions import Refusal
from .tasks import _text


class WmsPackingWeight(models.AbstractModel):
    _name = "wms.packing.weight"
    _description = "Weight of packed boxes"

    def _expected(self, box, kind):
        """Grams of the box with its contents, or None when a product's weight is not known."""
        cartons = self.env["wms.cartons"]
        weight = cartons._grams(kind.base_weight)
        for item in box.item_ids:
            if not item.product_id.weight:
                return None
            weight += cartons._grams(item.product_id.weight) * item.quantity
        return weight

    def _tolerance(self, company, expected):
        """How many grams a box may be away from its expected weight."""
        share = expected * company.wms_pack_tolerance_pct / 100
        return max(share, company.wms_pack_tolerance_g)

    def _checked(self, box, kind, measured, accept, command):
        """Values of a box that may be closed.

        :param measured: grams or None
        :param accept: the difference is known and accepted; only a lead may say so
        :raises Refusal: ``pack_weight_needed``, ``pack_weight_off``, ``pack_too_heavy``,
            ``not_allowed``
        """
        expected = self._expected(box, kind)
        self._check_limit(box, kind, float(measured or expected or 0))
        values = {"weight": float(measured or 0), "expected_weight": expected or 0.0}
        company = box.company_id
        if measured is None:
            if company.wms_pack_weigh:
                shown = "?" if expected is None else _text(round(expected))
                raise Refusal("pack_weight_needed", box=box.number, expected=shown)
            return values
        if expected is None:
            return values
        if abs(float(measured) - expected) <= self._tolerance(company, expected):
            return values
        if not accept:
            raise Refusal(
                "pack_weight_off",
                box=box.number,
                measured=_text(float(measured)),
                expected=_text(round(expected)),
            )
        if not command.is_lead:
            raise Refusal("not_allowed", op=command.op)
        return {**values, "accepted_by_id": command.user.id}

    def _check_limit(self, box, kind, weight):
        """Neither the box nor the carrier may be asked for more than they take."""
        cartons = self.env["wms.cartons"]
        limits = [
            limit
            for limit in (
                cartons._limits(box.picking_id).weight,
                cartons._grams(kind.max_weight) if kind.max_weight else None,
            )
            if limit is not None
        ]
        if limits and weight > min(limits) + 1e-6:
            raise Refusal(
                "pack_too_heavy",
                box=box.number,
                weight=_text(round(weight)),
                limit=_text(round(min(limits))),
            )
