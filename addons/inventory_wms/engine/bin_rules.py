"""What the removal rule of a product leaves open: forced bins, and pieces with a choice.

A demand empties whole ranks as long as they hold no more than is missing; of these bins none is
open to choice. The first rank that holds more is: that is one piece. Whole cases first: the
cases of the demand are one demand on the cases in the bins, rank by rank, and the loose units
another on what is left there. Fewest bins: where one bin can do, any such bin; else all but one
of the fullest are forced and the last is chosen among those that hold the remainder.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Protocol

from .routing_layout import Stop


class Offer(Protocol):
    """A candidate as ``bin_choice`` has it."""

    key: Hashable
    stop: Stop
    quantity: Decimal
    rank: Hashable


class Wish(Protocol):
    """A demand as ``bin_choice`` has it."""

    quantity: Decimal
    candidates: tuple[Offer, ...]
    case: Decimal | None
    fewest: bool


# a candidate and how much of it may be taken now
Share = tuple[Offer, Decimal]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of demand number ``demand`` that is covered by any choice of its candidates.

    ``offers``: what each may give of ``quantity``; ``units`` and ``need``: the same as whole
    numbers for the search.
    """

    demand: int
    quantity: Decimal
    candidates: tuple[Offer, ...]
    offers: tuple[Decimal, ...]
    units: tuple[int, ...]
    need: int


def pieces_of(number: int, demand: Wish) -> tuple[list[Piece], Decimal]:
    """The pieces of a demand, and the quantity that its candidates do not hold."""
    if not demand.case:
        return _covered(
            number, demand, demand.quantity, [(c, c.quantity) for c in demand.candidates]
        )
    whole = demand.quantity // demand.case * demand.case
    cases = [(c, c.quantity // demand.case * demand.case) for c in demand.candidates]
    found, short = _covered(number, demand, whole, cases)
    loose = demand.quantity - whole + short
    more, rest = _covered(number, demand, loose, _left(demand, found))
    if rest > 0 and found:
        # a case has to be broken: which bins give whole cases is settled before
        found = _settled(number, found)
        more, rest = _covered(number, demand, loose, _left(demand, found))
    return found + more, rest


def _settled(number: int, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with a choice made without the walk, the fullest bins first."""
    done: list[Piece] = []
    for piece in pieces:
        rest = piece.quantity
        pairs = zip(piece.candidates, piece.offers, strict=True)
        for candidate, offer in sorted(pairs, key=lambda pair: -pair[1]):
            if rest > 0:
                done.append(_forced(number, (candidate, min(offer, rest))))
                rest -= min(offer, rest)
    return done


def _left(demand: Wish, pieces: Sequence[Piece]) -> list[Share]:
    """What a later piece may count on after these pieces, whatever they choose."""
    given = {
        candidate.key: offer
        for piece in pieces
        for candidate, offer in zip(piece.candidates, piece.offers, strict=True)
    }
    return [(c, c.quantity - given.get(c.key, Decimal(0))) for c in demand.candidates]


def _covered(
    number: int, demand: Wish, quantity: Decimal, shares: Sequence[Share]
) -> tuple[list[Piece], Decimal]:
    """Pieces for a quantity out of shares, rank by rank, and what is missing."""
    shares = sorted((share for share in shares if share[1] > 0), key=lambda share: share[0].rank)
    pieces: list[Piece] = []
    for _rank, group in groupby(shares, key=lambda share: share[0].rank):
        if quantity <= 0:
            break
        same = list(group)
        held = sum((share for _candidate, share in same), Decimal(0))
        if held <= quantity:
            pieces += [_forced(number, share) for share in same]
            quantity -= held
        elif demand.fewest:
            pieces += _fewest(number, quantity, same)
            quantity = Decimal(0)
        else:
            pieces.append(_piece(number, quantity, same))
            quantity = Decimal(0)
    return pieces, quantity


def _forced(number: int, share: Share) -> Piece:
    candidate, quantity = share
    return Piece(number, quantity, (candidate,), (quantity,), (1,), 1)


def _piece(number: int, quantity: Decimal, shares: Sequence[Share]) -> Piece:
    """A piece whose quantities are counted in the smallest decimal place in use."""
    values = [quantity, *(share for _candidate, share in shares)]
    places = max(0, *(-int(value.as_tuple().exponent) for value in values))
    need, *units = (int(value.scaleb(places)) for value in values)
    candidates = tuple(candidate for candidate, _share in shares)
    return Piece(number, quantity, candidates, tuple(values[1:]), tuple(units), need)


def _fewest(number: int, quantity: Decimal, shares: Sequence[Share]) -> list[Piece]:
    """As few bins as can hold the quantity (the shares together hold it)."""
    fullest = sorted(shares, key=lambda share: share[1], reverse=True)
    pieces = []
    while fullest[0][1] < quantity:
        pieces.append(_forced(number, fullest[0]))
        quantity -= fullest.pop(0)[1]
    able = [share for share in fullest if share[1] >= quantity]
    ones = (1,) * len(able)
    offers = tuple(share for _candidate, share in able)
    pieces.append(
        Piece(number, quantity, tuple(candidate for candidate, _share in able), offers, ones, 1)
    )
    return pieces
