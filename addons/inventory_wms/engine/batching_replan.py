"""A plan that is being picked meets the day: orders are cancelled, run short, come in late.

As little as possible changes. Nobody who walks already is sent away with another cart: orders
stay in their batch, cancelled ones leave it, and late orders fill the room that is left where
they cost least metres, the largest gain first. What finds no room, or would save nothing, makes
new batches. Only batches that say so need a new sequence.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from .batching import Batch, Budget, Cart, Length, Order, planned
from .batching_cart import stops_of
from .routing_layout import Stop


@dataclass(frozen=True, slots=True)
class Running:
    """A batch on its cart: all orders that lie or will lie on it.

    ``done``: keys of stops that were picked or closed as short; they take room on the cart and no
    metres. ``closed``: takes no more orders, whatever its room.
    """

    key: Hashable
    orders: tuple[Order, ...]
    done: frozenset[Hashable] = frozenset()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A running batch after replanning; ``batch`` has its open stops and the metres over them.

    ``changed``: its open stops are others than before, so it needs a new sequence; a batch
    without orders is empty, its cart is free.
    """

    key: Hashable
    batch: Batch
    changed: bool


@dataclass(frozen=True, slots=True)
class News:
    """What happened: keys of cancelled orders, late orders, orders that go elsewhere now.

    ``moved``: orders of running batches with the stops they need now, after a short pick.
    """

    cancelled: Collection[Hashable] = ()
    added: tuple[Order, ...] = ()
    moved: tuple[Order, ...] = ()


@dataclass(slots=True)
class _Open:
    """One running batch while late orders are tried in it."""

    running: Running
    orders: list[Order]
    metres: float
    changed: bool


def replanned(
    running: Sequence[Running], news: News, cart: Cart, length: Length, budget: Budget
) -> tuple[list[Changed], list[Batch]]:
    """Running batches as they go on, in their order, and new batches for what has no room.

    :param length: metres of a walk over open stops; every late order is tried in every batch
    :param budget: for the new batches
    Raises ``ValueError`` for a late order that is in a batch, and for a moved one that is in none.
    """
    known = {order.key for batch in running for order in batch.orders}
    if strange := {order.key for order in news.moved} - known:
        raise ValueError(f"Orders that moved are in no batch: {sorted(map(str, strange))}.")
    if twice := {order.key for order in news.added} & known:
        raise ValueError(f"Late orders are in a batch already: {sorted(map(str, twice))}.")
    opened = [_opened(batch, news, length) for batch in running]
    late = [order for order in news.added if order.key not in set(news.cancelled)]
    left = _fill(opened, late, cart, length)
    changed = [
        Changed(one.running.key, Batch(tuple(one.orders), one.metres), one.changed)
        for one in opened
    ]
    return changed, planned(left, cart, length, budget)


def _opened(running: Running, news: News, length: Length) -> _Open:
    """A batch without cancelled orders and done stops."""
    moved = {order.key: order for order in news.moved}
    orders, changed = [], False
    for order in running.orders:
        now = moved.get(order.key, order)
        before, after = _open_stops(order, running), _open_stops(now, running)
        if order.key in news.cancelled:
            changed = changed or bool(before)
            # what was picked for it lies on the cart until it is put back
            if len(before) == len(order.stops):
                continue
            after = ()
        changed = changed or before != after
        orders.append(replace(now, stops=after))
    return _Open(running, orders, length(stops_of(orders)), changed)


def _open_stops(order: Order, running: Running) -> tuple[Stop, ...]:
    return tuple(stop for stop in order.stops if stop.key not in running.done)


def _fill(
    opened: Sequence[_Open], late: Sequence[Order], cart: Cart, length: Length
) -> list[Order]:
    """Put late orders into running batches; those that are left over, in the order they came."""
    left = {order.key: order for order in late}
    alone = {order.key: length(order.stops) for order in late}
    taking = [one for one in opened if one.orders and not one.running.closed]
    # metres of each batch with each late order that fits
    walks = [_walks_with(one, left.values(), cart, length) for one in taking]
    while True:
        gains = [
            (alone[key] + one.metres - walk, -number, key)
            for number, one in enumerate(taking)
            for key, walk in walks[number].items()
            if key in left
        ]
        gain, number, key = max(gains, key=lambda found: found[:2], default=(0.0, 0, None))
        if gain <= 0:
            return list(left.values())
        one = taking[-number]
        one.orders.append(left.pop(key))
        one.metres, one.changed = walks[-number][key], True
        walks[-number] = _walks_with(one, left.values(), cart, length)


def _walks_with(
    one: _Open, late: Iterable[Order], cart: Cart, length: Length
) -> dict[Hashable, float]:
    return {
        order.key: length(stops_of([*one.orders, order]))
        for order in late
        if cart.holds([*one.orders, order])
    }
