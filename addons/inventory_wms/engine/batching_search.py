"""Better batches in the time there is: orders move and change places between carts.

Method: simulated annealing (S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, Science 220, 1983). An
order goes to the cart of a near order; if it has no room there, one or two orders come back or
one goes on to a third cart, which may give one to the first: such rings repack full carts. A move
is taken if it is not longer than a random threshold that shrinks as the time runs out; since the
threshold is drawn first, a move is given up as soon as its first walk is too long. Full carts
beside empty ones are rewarded at first, so that carts are saved. The best plan met is kept, so
more time never costs metres.
"""

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .batching_savings import Group, Wave

# thresholds at the beginning and at the end, in mean walks of a batch
_HOT, _COLD = 0.03, 0.005
# worth of a full cart beside an empty one at the beginning, in mean walks of a batch
_FULL = 0.8
# shares of moves that go on to a third cart, and that take an empty cart
_RING, _EMPTY = 0.3, 0.01
# share of the seconds for the search; the rest is for handing back what it remembers
_SHARE = 0.93
# moves between two looks at the clock
_BREATH = 64

# batch, orders that leave it, orders that come to it
Change = tuple[int, Group, Group]


@dataclass(frozen=True, slots=True)
class Budget:
    """When a search ends: after ``seconds`` of CPU or ``moves``, whichever comes first.

    None is no limit; with ``moves`` alone the result depends on the seed only.
    """

    seconds: float | None = None
    moves: int | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.moves is None:
            raise ValueError("A search needs an end: seconds, moves or both.")

    def part(self, share: float) -> "Budget":
        """A share (0 to 1) of this budget."""
        return Budget(
            None if self.seconds is None else self.seconds * share,
            None if self.moves is None else int(self.moves * share),
        )


class Clock:
    """How much of a budget is used up, from the moment it is made."""

    __slots__ = ("begin", "budget", "moves")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.begin = time.process_time()
        self.moves = 0

    def used(self) -> float:
        """The share of the budget that is used up, 1 or more at its end."""
        shares = [0.0]
        if self.budget.moves is not None:
            shares.append(self.moves / self.budget.moves if self.budget.moves > 0 else 1.0)
        if self.budget.seconds is not None:
            spent = time.process_time() - self.begin
            seconds = self.budget.seconds * _SHARE
            shares.append(spent / seconds if seconds > 0 else 1.0)
        return max(shares)

    def early(self) -> bool:
        """Whether less than half is used up."""
        return self.used() < 0.5


def improved(wave: Wave, groups: Sequence[Group], clock: Clock, seed: int) -> list[Group]:
    """Groups of the same orders within the same limits, with as many metres or fewer."""
    if len(groups) < 2:
        return list(groups)
    return _Search(wave, groups, seed).run(clock)


class _Search:
    """The plan as it is: members, key, load, fill and metres of each batch by its number."""

    def __init__(self, wave: Wave, groups: Sequence[Group], seed: int) -> None:
        self.wave = wave
        self.fits = wave.loads.fits
        self.random = random.Random(seed).random
        # one empty cart is always at hand
        self.members: list[Group] = [*groups, ()]
        self.keys = [wave.key(group) for group in self.members]
        self.loads = [wave.load(group) for group in self.members]
        self.fills = [sum(wave.loads.fill[n] for n in group) for group in self.members]
        self.metres = [wave.metres(group) for group in self.members]
        self.place = [0] * len(wave.orders)
        for batch, group in enumerate(self.members):
            for number in group:
                self.place[number] = batch
        self.singles = [wave.lengths.single(number) for number in range(len(wave.orders))]
        self.mean = sum(self.metres) / len(groups)
        self.heat = self.worth = self.gained = 0.0

    def run(self, clock: Clock) -> list[Group]:
        """Move until the clock has run down; the best plan met."""
        best, least = list(self.members), -1e-9
        self.near = self._neighbours()
        begin = min(clock.used(), 1.0)
        while (used := clock.used()) < 1:
            cooled = (_COLD / _HOT) ** ((used - begin) / (1 - begin))
            self.heat = self.mean * _HOT * cooled
            self.worth = self.mean * _FULL * cooled
            for _move in range(_BREATH):
                self._move()
                if self.gained < least:
                    best, least = list(self.members), self.gained - 1e-9
            clock.moves += _BREATH
        return [group for group in best if group]

    def _neighbours(self) -> list[list[int]]:
        """For each order the others, those first that cost least metres beside it."""
        near: list[set[int]] = [set(others) for others in self.wave.pairs]
        for number, others in enumerate(self.wave.pairs):
            for other in others:
                near[other].add(number)
        if not self.wave.lengths.quick:
            return [sorted(others) for others in near]
        pair, alone = self.wave.lengths.pair, self.singles
        return [
            sorted(others, key=lambda other, n=n: pair(n, other) - alone[other])
            for n, others in enumerate(near)
        ]

    def _move(self) -> None:
        """Try one move."""
        chance = self.random
        number = int(chance() * len(self.place))
        near = self.near[number]
        here = self.place[number]
        if chance() < _EMPTY:
            there = self.members.index(())
        else:
            # near ones more often than far ones
            there = self.place[near[int(chance() * chance() * len(near))]]
        if here == there:
            return
        out = self._making_room(number, there)
        if out is None:
            return
        if len(out) == 1 and chance() < _RING:
            near = self.near[out[0]]
            third = self.place[near[int(chance() * chance() * len(near))]]
            if third not in (here, there):
                back = self._making_room(out[0], third) or ()
                self._try(
                    ((here, (number,), back), (there, out, (number,)), (third, back, out))
                )  # fmt: skip
                return
        self._try(((here, (number,), out), (there, out, (number,))))

    def _making_room(self, number: int, batch: int) -> Group | None:
        """Orders that leave a batch when another comes, chosen at random; None: no room."""
        chance, fits, load_of = self.random, self.fits, self.wave.loads.of
        members = self.members[batch]
        load = self.loads[batch] + load_of[number]
        if not members or (fits(load) and chance() < 0.5):
            return ()
        one = members[int(chance() * len(members))]
        load -= load_of[one]
        if len(members) == 1 or fits(load):
            return (one,)
        other = members[int(chance() * len(members))]
        if other != one and (len(members) == 2 or fits(load - load_of[other])):
            return (one, other)
        return None

    def _try(self, changes: Sequence[Change]) -> None:
        """Make the changes if they keep the limits and are not too long."""
        loads, fills = self.wave.loads.of, self.wave.loads.fill
        # as long as the old walks and the threshold, metres may be spent
        budget = -self.heat * math.log(1.0 - self.random())
        after = []
        for batch, leave, come in changes:
            load, fill = self.loads[batch], self.fills[batch]
            budget += self.metres[batch] - self.worth * fill * fill
            for number in leave:
                load -= loads[number]
                fill -= fills[number]
            for number in come:
                load += loads[number]
                fill += fills[number]
            count = len(self.members[batch]) - len(leave) + len(come)
            if count > 1 and not self.fits(load):
                return
            budget += self.worth * fill * fill
            after.append((load, fill))
        walks = self._walks(changes, budget)
        if walks is not None:
            self._change(changes, after, walks)

    def _walks(self, changes: Sequence[Change], budget: float) -> list[tuple[int, float]] | None:
        """Keys and metres of the batches after the changes; None if longer than the budget."""
        bits, lengths = self.wave.bits, self.wave.lengths
        walks = []
        unknown = []
        for batch, leave, come in changes:
            key = self.keys[batch]
            for number in leave:
                key ^= bits[number]
            stay = key
            for number in come:
                key |= bits[number]
            metres = lengths.known.get(key)
            if metres is None:
                # no order makes a walk shorter: a bound that is often known
                rest = [number for number in self.members[batch] if number not in leave]
                metres = lengths.metres(stay, rest[:-1], rest[-1:])
                unknown.append((len(walks), rest, come))
            walks.append((key, metres))
            budget -= metres
        for place, rest, come in unknown:
            if budget < 0:
                return None
            key, least = walks[place]
            metres = lengths.metres(key, rest, come)
            budget += least - metres
            walks[place] = (key, metres)
        return None if budget < 0 else walks

    def _change(
        self,
        changes: Sequence[Change],
        after: Sequence[tuple[int, float]],
        walks: Sequence[tuple[int, float]],
    ) -> None:
        """Write the changes down."""
        for (batch, leave, come), (load, fill), (key, metres) in zip(
            changes, after, walks, strict=True
        ):
            rest = [number for number in self.members[batch] if number not in leave]
            self.members[batch] = (*rest, *come)
            for number in come:
                self.place[number] = batch
            self.gained += metres - self.metres[batch]
            self.loads[batch], self.fills[batch] = load, fill
            self.keys[batch], self.metres[batch] = key, metres
        if () not in self.members:
            self._add_empty()

    def _add_empty(self) -> None:
        self.members.append(())
        for facts in (self.keys, self.loads):
            facts.append(0)
        for numbers in (self.fills, self.metres):
            numbers.append(0.0)
