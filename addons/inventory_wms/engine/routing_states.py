"""What a tour looks like where it is cut between two aisles, for any number of blocks.

Method: the classes of part tours of H. D. Ratliff and A. S. Rosenthal (Operations Research 31,
1983) in the form for several cross aisles of K. J. Roodbergen and R. de Koster (European Journal
of Operational Research 133, 2001). A column is one aisle line across all blocks; it has a corner
at every cross aisle. All that matters of the tour to the left of a cut is, for every corner of
the last column, the parity of its lines and the piece that it belongs to. Transitions are not
written down by hand but derived from their meaning, once for each number of blocks.

Corners and levels count from the front: level k lies between the corners k and k + 1.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

# parity of the number of lines at a corner
NONE, ODD, EVEN = 0, 1, 2
# ways through one level of a column; SKIP leaves it alone
PASS, FROM_FRONT, FROM_BACK, GAP, TWICE, SKIP = range(6)
# for every corner its parity and its piece; pieces are numbered from the front, 0 is no piece
State = tuple[tuple[int, ...], tuple[int, ...]]
# for every state before: ((index of the cost, state after), ...)
Step = tuple[tuple[tuple[int, int], ...], ...]
# marks a state from which no line leads on: the tour is complete
_CLOSED: State = ((-1,), (-1,))


def _add(parity: int, lines: int) -> int:
    """Parity of a corner after adding some lines to it."""
    if not lines:
        return parity
    return EVEN if (parity + lines) % 2 == 0 else ODD


def _numbered(parities: Iterable[int], pieces: Iterable[int]) -> State:
    """The state with its pieces numbered in the order in which they come from the front."""
    names = {0: 0}
    return tuple(parities), tuple(names.setdefault(piece, len(names)) for piece in pieces)


def _touch(state: State, corner: int, lines: int) -> State:
    """Hang something on one corner only; an untouched corner starts a piece of its own."""
    parities, pieces = list(state[0]), list(state[1])
    if not pieces[corner]:
        pieces[corner] = max(pieces) + 1
    parities[corner] = _add(parities[corner], lines)
    return _numbered(parities, pieces)


def _through(state: State, level: int, lines: int) -> State:
    """Walk a level once or twice: its two corners then belong to one piece."""
    parities, pieces = _touch(_touch(state, level, lines), level + 1, lines)
    one, other = pieces[level], pieces[level + 1]
    return _numbered(parities, (one if piece == other else piece for piece in pieces))


def _vertical(state: State, level: int, ways: tuple[int, ...]) -> dict[int, State]:
    """What the ways through a level make of a state."""
    if state == _CLOSED:
        return {SKIP: state} if SKIP in ways else {}
    joined = 0 != state[1][level] == state[1][level + 1]
    found = {
        SKIP: state,
        PASS: _through(state, level, 1),
        FROM_FRONT: _touch(state, level, 2),
        FROM_BACK: _touch(state, level + 1, 2),
        GAP: _touch(_touch(state, level, 2), level + 1, 2),
    }
    if not joined:  # a second walk that joins nothing is longer than leaving out the largest gap
        found[TWICE] = _through(state, level, 2)
    return {way: found[way] for way in ways if way in found}


def _horizontal(state: State, empty: State) -> dict[State, int]:
    """States of the next column, where no piece is left behind, and how many lines lead there."""
    if state in (_CLOSED, empty):
        return {state: 0}
    found = {}
    choices = [{NONE: (0,), ODD: (1,), EVEN: (0, 2)}[parity] for parity in state[0]]
    for lines in product(*choices):
        kept = {piece for piece, count in zip(state[1], lines, strict=True) if count}
        if len(kept) == max(state[1]):
            pieces = [piece if n else 0 for piece, n in zip(state[1], lines, strict=True)]
            found[_numbered((_add(NONE, n) for n in lines), pieces)] = sum(lines)
    if _complete(state):
        found[_CLOSED] = 0
    return found


def _complete(state: State) -> bool:
    """Whether the lines so far are one closed tour."""
    return state == _CLOSED or (max(state[1]) == 1 and ODD not in state[0])


_STOPS = (PASS, FROM_FRONT, FROM_BACK, GAP, TWICE)
_BARE = (SKIP, PASS, TWICE)
_ANY = (SKIP, *_STOPS)


@dataclass(frozen=True)
class Programme:
    """Transitions for one number of blocks and kind of docks; states are numbers.

    ``visit[level]`` and ``bare[level]``: a level whose stops have to be visited, one without
    stops; cost index = the way. ``touch[corner]``: a dock; cost index 0. ``across``: to the next
    column; cost index = number of lines. ``start`` and ``final``: states at the beginning and
    where a tour may end. ``lines[state]``: lines from the column before to each corner, for a
    state reached by ``across``.
    """

    start: int
    final: tuple[int, ...]
    lines: tuple[tuple[int, ...], ...]
    visit: tuple[Step, ...]
    bare: tuple[Step, ...]
    touch: tuple[Step, ...]
    across: Step

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.lines)


def _reached(blocks: int, lines: int) -> list[State]:
    """Every state that can be reached with docks of that many lines on any corner."""
    empty: State = ((NONE,) * (blocks + 1), (0,) * (blocks + 1))
    seen, todo = {empty, _CLOSED}, [empty]
    while todo:
        state = todo.pop()
        following = set(_horizontal(state, empty))
        for level in range(blocks):
            following.update(_vertical(state, level, _ANY).values())
        following.update(_touch(state, corner, lines) for corner in range(blocks + 1))
        new = following - seen
        seen |= new
        todo += [one for one in new if one != _CLOSED]
    return [empty, *sorted(seen - {empty})]


def _docked(state: State, corner: int, lines: int) -> list[tuple[int, State]]:
    """A dock on a corner; a tour that is complete can't reach one any more."""
    return [] if state == _CLOSED else [(0, _touch(state, corner, lines))]


@cache
def programme(blocks: int, lines: int) -> Programme:
    """The transitions for a number of blocks (>= 1), derived once.

    ``lines``: 2 for tours that end where they start, 1 for start and end on two corners.
    """
    states = _reached(blocks, lines)
    number = {state: place for place, state in enumerate(states)}

    def step(change: Callable[[State], Iterable[tuple[int, State]]]) -> Step:
        """The transitions of one stage, by the numbers of the states."""
        return tuple(tuple((cost, number[new]) for cost, new in change(one)) for one in states)

    def levels(ways: tuple[int, ...]) -> tuple[Step, ...]:
        """The transitions of these ways through each level."""
        return tuple(
            step(lambda state, at=level: _vertical(state, at, ways).items())
            for level in range(blocks)
        )

    return Programme(
        start=0,
        final=tuple(place for place, state in enumerate(states) if _complete(state)),
        lines=tuple(tuple(max(parity, 0) for parity in state[0]) for state in states),
        visit=levels(_STOPS),
        bare=levels(_BARE),
        touch=tuple(
            step(lambda state, at=corner: _docked(state, at, lines)) for corner in range(blocks + 1)
        ),
        across=step(lambda one: [(n, new) for new, n in _horizontal(one, states[0]).items()]),
    )
