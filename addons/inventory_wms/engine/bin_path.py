"""How long a walk gets with one bin more, where no exact programme applies.

Stands in for ``bin_tables`` on ground of any kind: the chosen sites lie on one path, a site enters
it where it adds least, and the metres are those of the path. Whoever chooses finds the shortest
order of the result afterwards.
"""

from collections.abc import Sequence

from .bin_tables import Site
from .routing_ground import Matrix
from .routing_layout import Stop


class Path:
    """A path over chosen sites from start to end dock; see ``Tables``.

    ``metres``: between the stops and, last, the two docks.
    """

    def __init__(self, sites: Sequence[Site], stops: Sequence[Stop], metres: Matrix) -> None:
        self.sites = sites
        aisles = sorted({(stop.block, stop.x) for stop in stops})
        self.column = [aisles.index((stop.block, stop.x)) for stop in stops]
        self._metres = metres
        self._path = [len(stops), len(stops) + 1]

    def _entry(self, site: int) -> tuple[float, int]:
        """Metres that a site adds, and its place on the path."""
        metres, path = self._metres, self._path
        return min(
            (metres[a][site] + metres[site][b] - metres[a][b], place)
            for place, (a, b) in enumerate(zip(path, path[1:], strict=False), start=1)
        )

    def add(self, site: int) -> None:
        """Choose a site."""
        self._path.insert(self._entry(site)[1], site)

    def drop(self, site: int) -> None:
        """Leave a chosen site."""
        self._path.remove(site)

    def mark(self) -> list[int]:
        """What the path is now, for ``restore``."""
        return list(self._path)

    def restore(self, mark: list[int]) -> None:
        """Take the path of ``mark``."""
        self._path = list(mark)

    def columns_in_use(self) -> list[int]:
        """Aisles with a chosen site."""
        return sorted({self.column[site] for site in self._path[1:-1]})

    def length(self) -> float:
        """Metres of the path."""
        path = self._path
        return sum(self._metres[a][b] for a, b in zip(path, path[1:], strict=False))

    def value(self, site: int) -> float:
        """Metres of the path with this site."""
        return self.length() + self._entry(site)[0]
