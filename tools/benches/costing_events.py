"""Cost of goods sold and ending stock of a history by every method, computed by the engine."""

import itertools
from collections import deque
from dataclasses import replace
from fractions import Fraction

from tools.benches.data.events import Event

METHODS = ("fifo", "lifo", "average")
PERIODS = {
    "all": lambda _day: "",
    "year": lambda day: day.year,
    "month": lambda day: (day.year, day.month),
}
_CENTS = 100


def figures(events: list[Event], period: str = "all") -> dict:
    """``cogs`` and ``ending_value`` of one history, in its currency."""
    found = {method: perpetual(events, method) for method in METHODS}
    found["lifo_periodic"] = periodic(events, period)
    return {
        "cogs": {name: cents / _CENTS for name, (cents, _left) in found.items()},
        "ending_value": {name: left / _CENTS for name, (_cents, left) in found.items()},
    }


def worth(event: Event) -> int:
    """Cost of a receipt in cents."""
    from inventory_wms.engine.cost_layers import round_half_up

    return round_half_up(Fraction(event.qty) * Fraction(event.cost) * _CENTS)


def perpetual(events: list[Event], method: str) -> tuple[int, int]:
    """(cost of goods sold, ending value) in cents, every event costed when it happens.

    Only the layers that an issue takes are given to the engine, as the service does, so a long
    history takes time in proportion to its length.
    """
    from inventory_wms.engine import cost_layers

    pool, layers, bought, last = cost_layers.Pool(method), deque(), 0, Fraction(0)
    newest_first = cost_layers.METHODS[method].newest_first
    for key, event in enumerate(events, 1):
        pool = replace(pool, layers=())
        if event.incoming:
            value = worth(event)
            bought, last = bought + value, Fraction(value) / Fraction(event.qty)
            pool = cost_layers.receive(pool, key, event.qty, value).pool
            layers.extend(pool.layers)
        else:
            known = _take(layers, event.qty, newest_first)
            pool = cost_layers.issue(replace(pool, layers=known), key, event.qty, last).pool
            (layers.extend if newest_first else layers.extendleft)(pool.layers)
    return bought - pool.value, pool.value


def _take(layers: deque, qty, newest_first: bool) -> tuple:
    """Remove the layers that cover the units from their end; in costing order."""
    found, covered = [], 0
    while layers and covered < qty:
        found.append(layers.pop() if newest_first else layers.popleft())
        covered += found[-1].qty
    return tuple(reversed(found) if newest_first else found)


def periodic(events: list[Event], period: str) -> tuple[int, int]:
    """(cost of goods sold, ending value) in cents under periodic LIFO."""
    from inventory_wms.engine import cost_layers
    from inventory_wms.engine.periodic import lifo

    pool, cost, last = cost_layers.Pool("lifo"), 0, Fraction(0)
    for _period, group in itertools.groupby(events, key=lambda event: PERIODS[period](event.day)):
        group = list(group)
        receipts = [(event.qty, worth(event)) for event in group if event.incoming]
        issued = sum(event.qty for event in group if not event.incoming)
        ended = lifo(pool, receipts, issued, last)
        pool, cost = ended.pool, cost + ended.cost
        if receipts:
            last = Fraction(receipts[-1][1]) / Fraction(receipts[-1][0])
    return cost, pool.value
