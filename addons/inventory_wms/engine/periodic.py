"""Periodic LIFO: what a period's issues cost when they are counted at its end.

Perpetual LIFO takes the newest goods known at each issue; periodic LIFO takes the
newest of the whole period, also those bought after the issue.  The two differ
whenever a purchase follows a sale (FIFO does not know the difference).
Source: ASC 330-10-30-9; textbooks show both side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from .cost_layers import ZERO, Pool, issue, receive


@dataclass(frozen=True)
class Period:
    """The end of a period: the stock left as a ``pool``, and the ``cost`` of what was issued."""

    pool: Pool
    cost: int


def lifo(
    opening: Pool,
    receipts: Iterable[tuple[Decimal, int]],
    issued: Decimal,
    fallback: Fraction = Fraction(0),
) -> Period:
    """Put all receipts of a period on the opening stock, then take all its issues, newest first.

    :param opening: stock at the beginning; its layers are older than every receipt
    :param receipts: (units, whole cost in minor units) in the order they arrived
    :param issued: units issued in the period
    :param fallback: cost of one missing unit (minor units) should there have been no stock at all
    """
    pool = replace(opening, method="lifo")
    key = max((layer.key for layer in pool.layers), default=0)
    before, bought = pool.value, 0
    for qty, value in receipts:
        key += 1
        pool = receive(pool, key, qty, value).pool
        bought += value
        fallback = Fraction(value) / Fraction(qty)
    if issued > ZERO:
        pool = issue(pool, key + 1, issued, fallback).pool
    return Period(pool, before + bought - pool.value)
