"""Bins from a pattern: plan, compare with what is there, create what is missing."""

from dataclasses import dataclass

from odoo import models
from odoo.exceptions import UserError

from ..engine import bin_pattern
from ..engine.bin_pattern import Grid, PatternError


@dataclass(frozen=True)
class BinPlan:
    """``planned``: engine's bins in order; ``missing``: those whose code is not taken yet."""

    planned: list
    missing: list
    depth: float


class WmsBins(models.AbstractModel):
    _name = "wms.bins"
    _description = "Bin generator"

    def _plan(self, pattern, ranges, grid, company):
        """What a pattern gives, compared with the company's bins; a UserError names a mistake.

        :param pattern: text with placeholders, see ``engine/bin_pattern.py``
        :param ranges: part (aisle, bay, level, slot) -> range text
        :param grid: ``Grid``
        """
        try:
            planned = bin_pattern.bins(pattern or "", ranges, grid)
            bays = len(bin_pattern.values("bay", ranges["bay"])) if ranges.get("bay") else 1
        except PatternError as error:
            raise UserError(self._sentence(error)) from error
        taken = self._taken([one.code for one in planned], company)
        return BinPlan(planned, [one for one in planned if one.code not in taken], grid.depth(bays))

    def _taken(self, codes, company):
        """Codes that are a bar code in the company, archived locations included."""
        found = (
            self.env["stock.location"]
            .with_context(active_test=False)
            .search_fetch([("barcode", "in", codes), ("company_id", "=", company.id)], ["barcode"])
        )
        return set(found.mapped("barcode"))

    def _create(self, plan, parent, kind="bin"):
        """Create the missing bins of a plan directly below ``parent``; returns them."""
        return self.env["stock.location"].create(
            [
                {
                    "name": one.code,
                    "barcode": one.code,
                    "location_id": parent.id,
                    "company_id": parent.company_id.id,
                    "usage": "internal",
                    "wms_kind": kind,
                    "wms_aisle": one.aisle,
                    "wms_bay": one.bay,
                    "wms_level": one.level,
                    "wms_slot": one.slot,
                    "wms_x": one.x,
                    "wms_y": one.y,
                    "wms_z": one.z,
                    "wms_check_digit": one.check,
                }
                for one in plan.missing
            ]
        )

    def _zone(self, name, parent, grid, depth):
        """The zone of that name below ``parent``, made with the grid's measures if missing."""
        zone = self.env["stock.location"].search(
            [("name", "=", name), ("location_id", "=", parent.id)], limit=1
        )
        return zone or zone.create(
            {
                "name": name,
                "location_id": parent.id,
                "company_id": parent.company_id.id,
                "usage": "internal",
                "wms_kind": "zone",
                "wms_x": grid.x,
                "wms_y": grid.y,
                "wms_depth": depth,
            }
        )

    def _generate(self, pattern, ranges, parent, grid=None, zone=None):
        """Plan and create in one go; returns the new bins (none the second time).

        :param zone: name of a zone below ``parent`` that takes the bins, made if missing
        """
        grid = grid or Grid()
        plan = self._plan(pattern, ranges, grid, parent.company_id)
        if zone and plan.missing:
            parent = self._zone(zone, parent, grid, plan.depth)
        return self._create(plan, parent)

    def _sentence(self, error):
        """What is wrong with a pattern, and what to do."""
        part = {
            "aisle": self.env._("aisle"),
            "bay": self.env._("bay"),
            "level": self.env._("level"),
            "slot": self.env._("slot"),
            "aisle_pitch": self.env._("Aisle pitch"),
            "bay_pitch": self.env._("Bay pitch"),
            "level_height": self.env._("Level height"),
            "clearance": self.env._("Cross aisle"),
        }
        params = dict(error.params)
        params["part"] = part.get(params.get("name"), params.get("name"))
        return self._sentences()[error.code] % params

    def _sentences(self):
        return {
            "unknown_placeholder": self.env._(
                "The pattern names {%(name)s}, which is unknown. Use {aisle}, {bay}, {level} and"
                " {slot}, with a width such as {bay:03} where numbers shall be padded."
            ),
            "bad_width": self.env._(
                "The width %(width)s of {%(name)s} is not understood. Write 0 and one digit, such"
                " as {%(name)s:03}."
            ),
            "bad_text": self.env._(
                "The pattern has signs that a label cannot hold: %(text)s. Use letters, digits,"
                " blanks and . _ / + -."
            ),
            "empty_range": self.env._("The range of the %(part)s is empty. Write 1-12 or A-D."),
            "missing_range": self.env._(
                "The pattern has {%(name)s}, but no range says which. Write 1-12 or A-D."
            ),
            "bad_range": self.env._(
                "“%(text)s” is not a range of the %(part)s. Write 1-12, A-D, 1,3,5-7 or 2-20/2,"
                " the smaller end first."
            ),
            "unused_range": self.env._(
                "There are several values of the %(part)s, but the pattern has no {%(name)s}: bins"
                " would share a code. Add {%(name)s} to the pattern or give one value."
            ),
            "too_many": self.env._(
                "That makes %(count)s bins; at most %(limit)s at a time. Split the ranges."
            ),
            "duplicate_code": self.env._(
                "Two bins would have the code %(bin)s. Put a sign between the parts of the pattern"
                " or pad the numbers."
            ),
            "long_code": self.env._(
                "The code “%(bin)s” has to have 1 to %(limit)s signs. Change the pattern."
            ),
            "bad_grid": self.env._("“%(part)s” has to be greater than zero."),
        }
