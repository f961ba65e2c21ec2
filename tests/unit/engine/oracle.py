"""An independent oracle: unit by unit in exact fractions, no rounding, nothing shared with us."""

from fractions import Fraction


class Oracle:
    """Stock of one product as a list of (units, cost of one) in exact fractions."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.stack: list[list[Fraction]] = []

    def receive(self, units, value) -> None:
        """Put goods on the stock: ``units`` for ``value`` in all."""
        units, value = Fraction(units), Fraction(value)
        if self.method in ("average", "standard") and self.stack:
            have, cost = self.stack.pop()
            value += have * cost
            units += have
        self.stack.append([units, value / units])

    def issue(self, units) -> Fraction:
        """Take goods (never more than there are); return what they cost."""
        units, cost = Fraction(units), Fraction(0)
        end = -1 if self.method == "lifo" else 0
        while units:
            taken = min(units, self.stack[end][0])
            cost += taken * self.stack[end][1]
            units -= taken
            self.stack[end][0] -= taken
            if not self.stack[end][0]:
                self.stack.pop(end)
        return cost

    @property
    def units(self) -> Fraction:
        """Units on hand."""
        return sum((units for units, _cost in self.stack), Fraction(0))

    @property
    def value(self) -> Fraction:
        """What they cost."""
        return sum((units * cost for units, cost in self.stack), Fraction(0))
