"""How a bin is drawn: its plate, the way to it, the map around it."""

from odoo.fields import Domain

from .base import PLACE_WORDS, metres_text

NEAR = 0.5  # metres: closer than this, two stops stand in the same place


class BinDrawing:
    """Drawings of the bins of one wave, read once."""

    def __init__(self, flow):
        self.env = flow.env
        self._ = flow._

    def plate(self, bin_):
        """The address cut into its parts, as on the rack."""
        words = {
            "aisle": self._("Aisle"),
            "bay": self._("Bay"),
            "level": self._("Level"),
            "place": self._("Place"),
        }
        found = [(bin_[field], words[key]) for field, key in PLACE_WORDS if bin_[field]]
        if not found:
            found = [(bin_.name, self._("Bin"))]
        spoken = ", ".join(f"{word} {text}" for text, word in found)
        return {
            "code": bin_.name,
            "spoken": spoken,
            "parts": [{"text": text, "word": word} for text, word in found],
        }

    def way(self, before, bin_, metres, reasons=()):
        """Arrow, metres and one line of words.

        :param before: the bin the worker comes from, or empty
        :param metres: aisle distance from there
        :param reasons: why this stop is next, at most one is used
        """
        turn = self._turn(before, bin_)
        sentences = {
            "here": self._("You stand in front of it"),
            "straight": self._("Straight on in aisle %s", bin_.wms_aisle),
            "back": self._("Back towards the front of aisle %s", bin_.wms_aisle),
            "right": self._("Right, into aisle %s", bin_.wms_aisle),
            "left": self._("Left, into aisle %s", bin_.wms_aisle),
        }
        text = sentences[turn] if bin_.wms_aisle else next(iter(reasons), bin_.name)
        return {"turn": turn, "metres": metres_text(metres), "text": text}

    def _turn(self, before, bin_):
        if before and before.wms_aisle == bin_.wms_aisle:
            step = bin_.wms_y - before.wms_y
            return "here" if abs(step) < NEAR else "straight" if step > 0 else "back"
        if not before:
            return "straight"
        return "right" if bin_.wms_x > before.wms_x else "left"

    def then(self, task):
        """The stop after this one, in one line."""
        if not task:
            return None
        metres = metres_text(task.distance)
        text = self._("%s m further", metres) if metres else self._("same place")
        return {"code": task.location_id.name, "text": text}

    def maps(self, before, bin_, after, metres):
        """Hall and rack in metres, or None without coordinates: a map is never made up.

        :param metres: planned walk from ``before``; it tells which cross aisle is taken
        """
        if not bin_.wms_aisle or not bin_.wms_located:
            return None
        aisles, depth = self._aisles(bin_)
        here = before or bin_.warehouse_id.view_location_id._wms_docks()[:1]
        hall = {
            "aisle": bin_.wms_aisle,
            "aisles": aisles,
            "depth": depth,
            "back": self._by_the_back(here, bin_, depth, metres),
            "me": {"x": here.wms_x or 0.0, "y": here.wms_y or 0.0},
            "bin": {"x": bin_.wms_x, "y": bin_.wms_y},
            "next": {"x": after.wms_x, "y": after.wms_y} if after else None,
        }
        spoken = self._("Map: go to %s", self.plate(bin_)["spoken"])
        return {"spoken": spoken, "hall": hall, "rack": self._rack(bin_)}

    def _by_the_back(self, here, bin_, depth, metres):
        """Whether the planned metres fit the way through the back cross aisle better."""
        aside = abs(here.wms_x - bin_.wms_x)
        front = aside + here.wms_y + bin_.wms_y
        back = aside + 2 * depth - here.wms_y - bin_.wms_y
        return bool(aside and metres and abs(back - metres) < abs(front - metres))

    def _aisles(self, bin_):
        root = bin_.warehouse_id.view_location_id
        domain = Domain("id", "child_of", root.id) & Domain("wms_aisle", "!=", False)
        groups = self.env["stock.location"]._read_group(
            domain, ["wms_aisle"], ["wms_x:avg", "wms_y:max"]
        )
        aisles = [{"name": name, "x": x or 0.0} for name, x, _depth in groups]
        return sorted(aisles, key=lambda aisle: aisle["x"]), max(y or 0.0 for _n, _x, y in groups)

    def _rack(self, bin_):
        domain = Domain(
            [
                ("id", "child_of", bin_.warehouse_id.view_location_id.id),
                ("wms_aisle", "=", bin_.wms_aisle),
                ("wms_bay", "=", bin_.wms_bay),
                ("wms_level", "!=", False),
            ]
        )
        groups = self.env["stock.location"]._read_group(domain, ["wms_level"], ["wms_z:min"])
        levels = [name for name, _z in sorted(groups, key=lambda group: (group[1] or 0, group[0]))]
        if len(levels) < 2 or bin_.wms_level not in levels:
            return None
        spoken = self._("Level %(level)s of %(count)s", level=bin_.wms_level, count=len(levels))
        return {"level": bin_.wms_level, "levels": levels, "spoken": spoken}
