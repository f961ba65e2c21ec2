"""An independent oracle of the whole subledger: exact fractions, nothing shared with the engine.

Each amount knows how far rounding to whole cents may have moved the engine's figure away from
it (:class:`Near`): half a cent where an amount is split or made, in proportion where a rounded
amount is split again. So the comparison is tight where the engine has no excuse, and 0 where
nothing has to be rounded.
"""

from dataclasses import dataclass, field
from fractions import Fraction

HALF = Fraction(1, 2)
CARRY = Fraction(1, 10**9)  # the engine keeps ten digits of what rounding left over


@dataclass(frozen=True)
class Near:
    """An exact amount in cents and by how much rounding may have moved it."""

    exact: Fraction
    slack: Fraction = Fraction(0)

    def __add__(self, other):
        return Near(self.exact + other.exact, self.slack + other.slack)

    def __sub__(self, other):
        return Near(self.exact - other.exact, self.slack + other.slack)

    def part(self, units, whole):
        """The share of ``units`` of ``whole``: half a cent of rounding, none for the whole."""
        ratio = Fraction(units) / Fraction(whole)
        rounding = HALF if ratio != 1 else 0
        return Near(self.exact * ratio, self.slack * abs(ratio) + rounding)

    def less(self, part):
        """What is left when ``part`` is taken out of it; the rounding moves only once."""
        return Near(self.exact - part.exact, max(self.slack, part.slack) + HALF)

    def allows(self, figure):
        return abs(Fraction(figure) - self.exact) <= self.slack


NOTHING = Near(Fraction(0))


@dataclass
class Goods:
    """Units of one receipt that are still there, or units that are missing."""

    key: int
    units: Fraction
    worth: Near

    def take(self, units):
        """Take units out; return their worth."""
        part = self.worth.part(units, self.units)
        self.worth = NOTHING if units == self.units else self.worth.less(part)
        self.units -= units
        return part


@dataclass
class Part:
    """What an issue took from one receipt (``missing``: from nothing yet)."""

    source: int
    units: Fraction
    charged: Near
    missing: bool = False


@dataclass
class ExactBooks:
    """Stock of one product by the textbook: ``fifo``, ``lifo``, or ``averaged`` over all of it."""

    newest_first: bool
    averaged: bool
    there: list = field(default_factory=list)  # Goods, oldest first
    missing: list = field(default_factory=list)  # Goods, oldest first
    issues: dict = field(default_factory=dict)  # issue -> its Parts still out
    pool: Near = NOTHING  # averaged only: worth of everything there

    @property
    def units(self):
        return sum(g.units for g in self.there) - sum(g.units for g in self.missing)

    @property
    def worth(self):
        """Value of the stock, below zero for what is missing."""
        below = sum((g.worth for g in self.missing), NOTHING)
        if self.averaged:
            return Near(self.pool.exact, self.pool.slack + HALF) - below
        return sum((g.worth for g in self.there), NOTHING) - below

    def receive(self, key, units, worth):
        """Goods arrive; what is missing is settled first. Returns the correction of its cost."""
        goods, correction = Goods(key, Fraction(units), worth), NOTHING
        while goods.units and self.missing:
            gap = self.missing[0]
            taken = min(goods.units, gap.units)
            true, guess = goods.take(taken), gap.take(taken)
            correction += true - guess
            self._settle(gap.key, key, taken, true, guess)
            if not gap.units:
                self.missing.pop(0)
        if goods.units:
            self.there.append(goods)
            self.pool += goods.worth
        return correction

    def _settle(self, issue, key, units, true, guess):
        """The missing units of an issue have a receipt and a true cost now."""
        parts = self.issues[issue]
        at = next(n for n, part in enumerate(parts) if part.missing and part.source == issue)
        rest = parts[at]
        rest.units -= units
        rest.charged = rest.charged.less(guess)
        if not rest.units:
            parts.pop(at)
        parts.insert(at, Part(key, units, true))

    def issue(self, key, units, guess, first=None):
        """Goods leave: from receipt ``first``, then by the method; ``guess``: cost of one."""
        units = Fraction(units)
        covered = min(units, max(self.units, 0))
        parts = self._take(covered, first)
        if covered < units:
            last = parts[-1].charged.part(1, parts[-1].units) if parts else Near(guess)
            gap = units - covered
            worth = Near(last.exact * gap, last.slack * gap + HALF)
            self.missing.append(Goods(key, gap, worth))
            parts.append(Part(key, gap, worth, missing=True))
        self.issues[key] = parts
        return sum((part.charged for part in parts), NOTHING)

    def _take(self, units, first):
        order = self.there[::-1] if self.newest_first else list(self.there)
        order.sort(key=lambda goods: goods.key != first)
        whole, wanted, parts = self.units, units, []
        for goods in order:
            if wanted:
                taken = min(goods.units, wanted)
                parts.append(Part(goods.key, taken, goods.take(taken)))
                wanted -= taken
        self.there = [goods for goods in self.there if goods.units]
        if self.averaged and units:
            self._charge_average(parts, units, whole)
        return parts

    def _charge_average(self, parts, units, whole):
        charged = self.pool.part(units, whole)
        for part in parts:
            share = charged.exact * part.units / units
            part.charged = Near(share, charged.slack + 2)
        left = (whole - units) / whole
        self.pool = Near(self.pool.exact * left, self.pool.slack * left + CARRY)
        if not left:
            self.pool = NOTHING

    def come_back(self, issue, units, key_of):
        """The last units of an issue come back at what they were charged; returns their worth."""
        units, worth = Fraction(units), NOTHING
        parts = self.issues[issue]
        for part in reversed(list(parts)):
            taken = min(part.units, units)
            if not taken:
                continue
            back = part.charged.part(taken, part.units)
            part.charged = NOTHING if taken == part.units else part.charged.less(back)
            part.units -= taken
            units -= taken
            worth += back
            if part.missing:
                self._cancel(part.source, taken)
            else:
                self.receive(key_of(), taken, back)
        self.issues[issue] = [part for part in parts if part.units]
        return worth

    def _cancel(self, issue, units):
        gap = next(goods for goods in self.missing if goods.key == issue)
        gap.take(units)
        self.missing = [goods for goods in self.missing if goods.units]

    def correct(self, key, amount, units):
        """A receipt of ``units`` cost ``amount`` more: the share of what is there stays there."""
        goods = next((goods for goods in self.there if goods.key == key), None)
        if not goods:
            return NOTHING
        kept = amount.part(goods.units, units)
        goods.worth += kept
        self.pool += kept
        return kept

    def revalue(self, amount):
        """Everything there is worth ``amount`` more, by units."""
        whole = sum(goods.units for goods in self.there)
        for goods in self.there:
            share = amount * goods.units / whole
            goods.worth += Near(share, Fraction(1))
        self.pool += Near(Fraction(amount))
