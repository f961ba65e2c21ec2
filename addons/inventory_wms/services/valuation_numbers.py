"""Between Odoo's floats and the engine's exact numbers, and the entry that an event builds."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ..engine.cost_layers import round_half_up

#: value of ``wms_as_core`` in the context (see product.product): an object, so that no request can
#: send it and have documents posted past the layers
AS_CORE = object()


@dataclass(frozen=True)
class Numbers:
    """Exact money and quantities of one company.

    ``rounding``: value of a minor unit (0.01); ``digits``: decimals of quantities.
    """

    company: object
    rounding: float
    digits: int

    @classmethod
    def of(cls, env):
        """The numbers of the environment's company."""
        digits = env["decimal.precision"].precision_get("Product Unit")
        return cls(env.company, env.company.currency_id.rounding, digits)

    def qty(self, quantity) -> Decimal:
        """A quantity (float) as the Decimal it stands for."""
        return Decimal(f"{quantity or 0:.{self.digits}f}")

    def minor(self, amount) -> int:
        """An amount (float) in minor units, rounded half up."""
        return round_half_up(self.fraction(amount))

    def fraction(self, amount) -> Fraction:
        """An amount (float) in minor units, not rounded."""
        return Fraction(repr(float(amount or 0))) / Fraction(repr(self.rounding))

    def exact(self, number) -> Fraction:
        """A float as the decimal fraction it is printed as."""
        return Fraction(repr(float(number)))

    def amount(self, minor) -> float:
        """Minor units as an amount."""
        return self.company.currency_id.round(minor * self.rounding)


@dataclass(frozen=True)
class PoolKey:
    """Which goods share their cost: a product; its lot if valued by lot; a place of its own.

    ``lot``: stock.lot or empty; ``place``: stock.location with an own stock account or empty.
    """

    product: object
    lot: object
    place: object

    @property
    def ids(self) -> tuple[int, int, int]:
        """Ids of product, lot and place, 0 for none: the order in which pools are locked."""
        return self.product.id, self.lot.id or 0, self.place.id or 0


@dataclass(frozen=True)
class Loose:
    """Goods that no order line tells apart: they are open by product and vendor.

    ``billed``: whether receipts that are billed are meant as well, as for a refund.
    """

    products: object
    vendors: object
    billed: bool = False


@dataclass
class Entry:
    """The journal entry that one transfer or document builds up.

    ``lines``: (account id, product id, analytic distribution as text) -> balance in minor units,
    debit positive; ``analytic``: the distribution of the order or bill line that is posted next.
    """

    key: str
    event: str
    reference: str
    date: object
    picking: object = None
    document: object = None
    partner: object = None
    lines: dict = field(default_factory=dict)
    analytic: dict | None = None
    links: dict = field(default_factory=dict)  # further fields of its wms.cost.posting

    def add(self, account, product, value: int) -> None:
        """Add one side only (minor units, debit positive); the caller keeps the entry balanced."""
        place = (account.id, product.id, self._analytic_of(account))
        self.lines[place] = self.lines.get(place, 0) + value

    def post(self, debit, credit, product, value: int) -> None:
        """Add an amount (minor units; negative swaps the sides) for a product."""
        if not value or debit == credit:
            return
        self.add(debit, product, value)
        self.add(credit, product, -value)

    def _analytic_of(self, account):
        """The distribution as text, for accounts of profit and loss; the others carry none."""
        if not self.analytic or account.internal_group not in ("expense", "income"):
            return ""
        return json.dumps(self.analytic, sort_keys=True)

    def shift(self, source, target, value: int) -> None:
        """Move a debit (minor units) from one (account, product) to another."""
        if not value or source == target:
            return
        for (account, product), balance in ((source, -value), (target, value)):
            place = (account.id, product.id, self._analytic_of(account))
            self.lines[place] = self.lines.get(place, 0) + balance
