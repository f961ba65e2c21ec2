"""Which bins to take from, for all articles together: many starts, descent, destroy and repair.

Method: an article enters the tour by its cheapest bins, whose cost is the exact growth of the
tour (``bin_tables``). Starts are spread: all bins, bins within a radius, bins of a few
neighbouring aisles. Each is improved article by article, then by taking several articles out at
once, all of an aisle or some at random, and letting them in again in another order (ruin and
recreate: G. Schrimpf et al., Journal of Computational Physics 159, 2000; accepted by the record
to record rule of G. Dueck, same journal 104, 1993). Random numbers have a fixed seed; the CPU
seconds and the rounds are limits, whichever comes first.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .bin_tables import Tables

_LEAST = 1e-9
# share of the limit for starts; the rest improves the best of them
_STARTS = 0.6
# how much longer than the best a tour may be to be gone on with, at the beginning
_SLACK = 0.01
# a start is improved if it is at most this much longer than the best, and further if this
_HOPE, _NEAR = 1.25, 1.1
# radii that starts use; starts that enter without noise, and the noise of the others
_RADII, _PLAIN, _NOISE = 5, 20, 0.8
_POWERS = (0.0, 0.5, 1.0, 1.0, 2.0)
# bins of an article that are looked at: the best of the last time and some at random
_LOOKED_AT, _OTHERS = 8, 3
# articles taken out at once, at most
_OUT = 8


@dataclass(slots=True)
class Limit:
    """``seconds`` of CPU and ``rounds`` (bins of one article chosen anew); None is no limit."""

    seconds: float | None = None
    rounds: int | None = None
    done: int = 0
    begin: float = field(default_factory=time.process_time)

    def spent(self) -> float:
        """The share of the limit that is used up, 1 or more at its end."""
        used = self.done / self.rounds if self.rounds else 0.0
        if self.seconds is not None:
            passed = time.process_time() - self.begin
            used = max(used, passed / self.seconds if self.seconds > 0 else 1.0)
        return used


class Search:
    """The search over one set of articles.

    ``demand``: units of each article; ``reach``: for each site the metres of a tour over this
    site alone. The sites of every article hold its demand.
    """

    def __init__(self, tables: Tables, demand: Sequence[int], reach: Sequence[float]) -> None:
        self._tables = tables
        self._sites = tables.sites
        self._demand = demand
        self._reach = reach
        self._every: list[list[int]] = [[] for _ in demand]
        for number, site in enumerate(self._sites):
            self._every[site.article].append(number)
        self._offer = self._every
        self._free = [a for a in range(len(demand)) if self._has_choice(a)]
        self._chosen: list[list[int]] = [[] for _ in demand]
        self._worth = [0.0] * len(self._sites)
        self._chance = random.Random(1)
        self._best = float("inf")
        self._kept: list[list[int]] = []

    def _has_choice(self, article: int) -> bool:
        units = [self._sites[n].units for n in self._every[article]]
        return sum(units) - min(units) >= self._demand[article]

    # -------------------------------------------------------------- one article
    def _enter(self, article: int, noise: float = 0.0, closed: int = -1) -> None:
        """Let an article in by its cheapest bins, none of them in the column ``closed``."""
        chosen, tables = self._chosen[article], self._tables
        missing = self._demand[article] - sum(self._sites[n].units for n in chosen)
        offer = self._asked(article, closed)
        # with noise, many units in one bin count for more or less than the metres to it
        power = self._chance.choice(_POWERS) if noise else 1
        while missing > 0:
            base = tables.length()
            rated = []
            for number in offer:
                units = min(self._sites[number].units, missing)
                more = tables.value(number) - base
                self._worth[number] = more / units
                if noise:
                    more *= 1 + noise * self._chance.random()
                rated.append((more / units**power, -units, number))
            if not rated:  # what was looked at does not hold it
                offer = [n for n in self._every[article] if n not in chosen]
                continue
            rated.sort()
            best = rated[0][2]
            offer = [number for _more, _units, number in rated[1 : _LOOKED_AT + 1]]
            chosen.append(best)
            tables.add(best)
            missing -= self._sites[best].units
        self._thin(article)

    def _asked(self, article: int, closed: int) -> list[int]:
        """Bins to look at for an article: those that were worth most last, and some others."""
        column = self._tables.column
        offer = [n for n in self._offer[article] if column[n] != closed]
        if len(offer) <= _LOOKED_AT + _OTHERS:
            return offer
        offer.sort(key=self._worth.__getitem__)
        return offer[:_LOOKED_AT] + self._chance.sample(offer[_LOOKED_AT:], _OTHERS)

    def _thin(self, article: int) -> None:
        """Leave bins that the others make unnecessary, those with the fewest units first."""
        chosen = self._chosen[article]
        over = sum(self._sites[n].units for n in chosen) - self._demand[article]
        for number in sorted(chosen, key=lambda n: (self._sites[n].units, -self._reach[n])):
            if self._sites[number].units <= over:
                over -= self._sites[number].units
                chosen.remove(number)
                self._tables.drop(number)

    def _leave(self, article: int) -> list[int]:
        """Take an article out; its bins."""
        old = self._chosen[article]
        for number in old:
            self._tables.drop(number)
        self._chosen[article] = []
        return old

    def _set(self, article: int, sites: Sequence[int]) -> None:
        if self._chosen[article] != sites:
            self._leave(article)
            self._chosen[article] = list(sites)
            for number in sites:
                self._tables.add(number)

    def _again(self, article: int, length: float) -> float:
        """Choose the bins of one article anew if that is no longer; metres of the tour."""
        mark = self._tables.mark()
        old = self._leave(article)
        self._enter(article)
        if sorted(self._chosen[article]) == sorted(old):
            self._tables.restore(mark)
            return length
        found = self._tables.length()
        if found > length + _LEAST:
            self._set(article, old)
            self._tables.restore(mark)
            return length
        return found

    # -------------------------------------------------------------- whole tours
    def _descend(self, limit: Limit) -> float:
        """Choose article by article anew until nothing gets shorter."""
        length = self._tables.length()
        still = 0
        while still < len(self._free) and limit.spent() < 1:
            for article in self._chance.sample(self._free, len(self._free)):
                before, length = length, self._again(article, length)
                limit.done += 1
                still = 0 if length < before - _LEAST else still + 1
                if still >= len(self._free) or limit.spent() >= 1:
                    break
        return length

    def _ruin(self) -> tuple[list[int], int]:
        """Articles to take out, and the column that they may not enter again, or -1."""
        kind = self._chance.random()
        if kind > 0.6:
            count = min(len(self._free), self._chance.randint(2, 5))
            return self._chance.sample(self._free, count), -1
        used = self._tables.columns_in_use()
        first = self._chance.randrange(len(used))
        columns = used[first : first + 1 + (kind > 0.4)]
        out = [
            article
            for article in self._free
            if any(self._tables.column[n] in columns for n in self._chosen[article])
        ]
        if len(out) > _OUT:
            return self._chance.sample(out, _OUT), -1
        return out, columns[0] if len(columns) == 1 else -1

    def _rebuild(self, length: float, slack: float) -> float:
        """Take some articles out and let them in again; kept if at most ``slack`` longer."""
        out, closed = self._ruin()
        mark = self._tables.mark()
        old = {article: self._leave(article) for article in out}
        noise = max(0.0, self._chance.uniform(-_NOISE, _NOISE))
        for article in self._chance.sample(out, len(out)):
            self._enter(article, noise, closed)
        found = self._tables.length()
        if found <= length + slack:
            return found
        for article, sites in old.items():
            self._set(article, sites)
        self._tables.restore(mark)
        return length

    def _keep(self, length: float) -> None:
        """Remember the best tour; bins whose own tour is longer are never looked at again."""
        if length < self._best - _LEAST:
            self._best = length
            self._kept = [list(sites) for sites in self._chosen]
            self._every = [
                [n for n in sites if self._reach[n] < length or n in kept]
                for sites, kept in zip(self._every, self._kept, strict=True)
            ]

    def _start(self, allowed: set[int] | None, noise: float) -> None:
        """A new tour, at first with the allowed sites only."""
        for article in range(len(self._demand)):
            self._leave(article)
        self._offer = self._every
        if allowed is not None:
            self._offer = [[n for n in sites if n in allowed] for sites in self._every]
        order = self._chance.sample(range(len(self._demand)), len(self._demand))
        order.sort(key=lambda article: (article in self._free, len(self._every[article])))
        for article in order:
            self._enter(article, noise)

    # -------------------------------------------------------------------- starts
    def _offers(self) -> Iterator[set[int] | None]:
        """Sites that a start may use, few at first since they are fast; None: all."""
        windows = self._windows()
        sites = range(len(self._sites))
        radius = self._radius()
        for turn, (first, last) in enumerate(windows):
            if turn < _RADII:
                wide = radius * (1 + turn / 4) + _LEAST
                yield {n for n in sites if self._reach[n] <= wide}
            yield {n for n in sites if first <= self._tables.column[n] <= last}
            if turn == 1:
                yield None
        while True:
            yield None

    def _radius(self) -> float:
        """The smallest reach within which there is enough of every article."""
        missing = list(self._demand)
        for number in sorted(range(len(self._sites)), key=self._reach.__getitem__):
            missing[self._sites[number].article] -= self._sites[number].units
            if max(missing) <= 0:
                return self._reach[number]
        return max(self._reach)

    def _windows(self) -> list[tuple[int, int]]:
        """Columns from a first to a last that hold enough, and none less; the nearest first."""
        columns: dict[int, list[int]] = {}
        for number, column in enumerate(self._tables.column):
            columns.setdefault(column, []).append(number)
        order = sorted(columns)
        missing = list(self._demand)
        found, behind = [], 0
        for first in order:
            while behind < len(order) and max(missing) > 0:
                for number in columns[order[behind]]:
                    missing[self._sites[number].article] -= self._sites[number].units
                behind += 1
            if max(missing) > 0:
                break
            found.append((first, order[behind - 1]))
            for number in columns[first]:
                missing[self._sites[number].article] += self._sites[number].units
        return sorted(found, key=lambda pair: self._across(*pair))

    def _across(self, first: int, last: int) -> float:
        """Metres of a walk to both ends of a window, along the cross aisles at least."""
        column = self._tables.column
        return max(
            min(reach for n, reach in enumerate(self._reach) if column[n] == end)
            for end in (first, last)
        )

    # ----------------------------------------------------------------------- run
    def run(self, limit: Limit) -> list[list[int]]:
        """The chosen sites of each article after the search."""
        longest = 0.0
        for turn, allowed in enumerate(self._offers()):
            begin = limit.spent()
            if turn and (begin >= _STARTS or begin + longest >= 1):
                break
            self._start(allowed, _NOISE * (turn > _PLAIN))
            longest = max(longest, limit.spent() - begin)
            if not self._free:
                return self._chosen
            self._polish(limit)
        self._improve(limit)
        return self._kept

    def _polish(self, limit: Limit) -> None:
        """Improve a start as long as it promises to become the best."""
        length = self._tables.length()
        self._keep(length)
        if length > _HOPE * self._best:
            return
        length = self._descend(limit)
        self._keep(length)
        if length > _NEAR * self._best:
            return
        if self._offer is not self._every:
            self._offer = self._every
            length = self._descend(limit)
        for _turn in range(5 + len(self._free) // 3):
            if limit.spent() >= 1:
                break
            length = self._rebuild(length, 0.0)
            limit.done += 4
        self._keep(length)

    def _improve(self, limit: Limit) -> None:
        """Go on from the best start until the limit is reached."""
        self._offer = self._every
        for article, sites in enumerate(self._kept):
            self._set(article, sites)
        length = self._best
        while (spent := limit.spent()) < 1:
            length = self._rebuild(length, _SLACK * (1 - spent) * self._best + _LEAST)
            limit.done += 4
            self._keep(length)
            self._offer = self._every
