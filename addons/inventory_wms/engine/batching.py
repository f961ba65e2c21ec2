"""Which orders go on one cart: fewer metres under the cart's limits, no order split.

The one entry to batches: orders and carts (``batching_cart``), a first plan by savings
(``batching_savings``), a better one in the time there is (``batching_search``); here also what
large and single-line orders need. Changes to a plan that is being picked are in
``batching_replan``. The walk is never estimated: ``length`` is asked for every candidate; as a
``Walk`` it is answered in microseconds (``batching_length``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .batching_cart import Batch, Cart, Length, Order, first_come
from .batching_length import Walk, lengths
from .batching_savings import Group, Wave, savings
from .batching_search import Budget, Clock, improved

__all__ = [
    "Batch",
    "Budget",
    "Cart",
    "Length",
    "Mixed",
    "Order",
    "Walk",
    "batches",
    "first_come",
    "planned",
    "planned_by_size",
]


def batches(orders: Sequence[Order], cart: Cart, length: Length) -> list[Batch]:
    """Every order in exactly one batch, each batch within the cart's limits, by savings.

    :param orders: in the order they came, which decides where savings are equal; keys are unique
    :param length: metres of the shortest walk over stops
    :return: batches by their first order; an order beyond the limits is a batch of its own. Never
        longer than first come, first served, which is computed beside it
    """
    wave = _wave(orders, cart, length)
    return _batches(wave, _start(wave, lambda: True))


def planned(
    orders: Sequence[Order], cart: Cart, length: Length, budget: Budget, seed: int = 1
) -> list[Batch]:
    """As ``batches``, improved until the budget is used up; savings get half of it at most.

    :param budget: more of it, fewer metres; never more than ``batches`` has, if it suffices for it
    :param seed: of the random moves; with a budget of moves alone the result is the same each time
    """
    clock = Clock(budget)
    wave = _wave(orders, cart, length)
    return _batches(wave, improved(wave, _start(wave, clock.early), clock, seed))


@dataclass(frozen=True, slots=True)
class Mixed:
    """Batches by the way they are picked.

    ``alone``: a large order on a cart of its own; ``sort``: single-line orders picked into one
    pile and sorted afterwards; ``cluster``: orders that are sorted into slots while picking.
    """

    alone: tuple[Batch, ...]
    sort: tuple[Batch, ...]
    cluster: tuple[Batch, ...]


def planned_by_size(
    orders: Sequence[Order],
    cart: Cart,
    length: Length,
    budget: Budget,
    big_lines: int | None = None,
    seed: int = 1,
) -> Mixed:
    """Large orders alone, single-line orders by batch and sort, the others by slots.

    A pile needs no slot and no tote of its own, so of a cart's limits lines, weight and volume
    count for single-line orders.

    :param big_lines: orders with more lines than this are large, as are those beyond the cart's
        limits; None: only those
    :param budget: shared by their number between the two kinds that are searched
    """
    single = [order for order in orders if order.lines == 1]
    several = [order for order in orders if order.lines != 1]

    def large(order: Order) -> bool:
        """Beyond a limit of its own or of the cart."""
        beyond = any(taken(order) > limit for limit, taken in cart.limits(order.tote))
        return beyond or (big_lines is not None and order.lines > big_lines)

    rest = [order for order in several if not large(order)]
    share = len(single) / max(1, len(single) + len(rest))
    pile = replace(cart, slots=None, totes=None)
    return Mixed(
        alone=tuple(Batch((order,), length(order.stops)) for order in several if large(order)),
        sort=tuple(planned(single, pile, length, budget.part(share), seed)),
        cluster=tuple(planned(rest, cart, length, budget.part(1 - share), seed)),
    )


def _wave(orders: Sequence[Order], cart: Cart, length: Length) -> Wave:
    if len({order.key for order in orders}) != len(orders):
        raise ValueError("Two orders have the same key.")
    return Wave(orders, cart, lengths(orders, length))


def _start(wave: Wave, go_on: Callable[[], bool]) -> list[Group]:
    """Savings or first come, whichever is shorter."""
    plain: list[list[int]] = []
    load = 0
    for number, more in enumerate(wave.loads.of):
        if plain and wave.loads.fits(load + more):
            plain[-1].append(number)
            load += more
        else:
            plain.append([number])
            load = more
    return min(
        savings(wave, go_on),
        [tuple(group) for group in plain],
        key=lambda groups: sum(map(wave.metres, groups)),
    )


def _batches(wave: Wave, groups: Sequence[Group]) -> list[Batch]:
    ordered = sorted(tuple(sorted(group)) for group in groups)
    return [
        Batch(tuple(wave.orders[number] for number in group), wave.metres(group))
        for group in ordered
    ]
