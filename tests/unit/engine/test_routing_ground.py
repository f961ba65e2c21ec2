"""One-way aisles, blocked aisles, levels: against a plain graph of half-metre steps."""

import heapq
import itertools
import math
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inventory_wms.engine import routing
from inventory_wms.engine.bin_choice import Candidate, Demand, choose_bins
from inventory_wms.engine.routing import Block, Blocked, Dock, Layout, OneWay, Stop
from inventory_wms.engine.routing_ground import matrix
from inventory_wms.engine.routing_layout import distance as free_distance
from inventory_wms.engine.routing_search import searched_path, shortest_path

DEPTH = 5.0
AISLES = (0.0, 3.0, 6.0)
ONE = (Block(0.0, DEPTH),)
TWO = (*ONE, Block(DEPTH, 2 * DEPTH))
aisles = st.sampled_from(AISLES)


@st.composite
def floors(draw):
    """A layout of one or two blocks with up to two special aisles of each kind."""
    blocks = draw(st.sampled_from([ONE, TWO]))
    block = st.integers(0, len(blocks) - 1)
    one_way = draw(st.lists(st.builds(OneWay, aisles, block, st.booleans()), max_size=2))
    blocked = []
    for x, number, low, length in draw(
        st.lists(st.tuples(aisles, block, st.integers(0, 8), st.integers(1, 3)), max_size=2)
    ):
        front = blocks[number].front + low / 2
        blocked.append(Blocked(x, number, front, min(front + length / 2, blocks[number].back)))
    return Layout(blocks, tuple(one_way), tuple(blocked), AISLES)


@st.composite
def places(draw, layout, most=5):
    """Stops on half metres, with heights."""
    found = []
    for number in range(draw(st.integers(1, most))):
        block = draw(st.integers(0, len(layout.blocks) - 1))
        y = layout.blocks[block].front + draw(st.integers(0, 10)) / 2
        found.append(Stop(number, draw(aisles), y, block, draw(st.sampled_from([0.0, 1.5, 3.0]))))
    return found


docks = st.builds(Dock, st.sampled_from([0.0, 3.0, 4.5]), st.sampled_from([-1.0, 0.0]))


def edges(layout, points):
    """Half-metre steps that a picker may take: {(x, y, block): [next]}, crossings have block -1."""

    def name(x, y, block):
        frame = layout.blocks[block]
        return (x, y, -1) if y in (frame.front, frame.back) else (x, y, block)

    found = {}
    for number, frame in enumerate(layout.blocks):
        for x, step in itertools.product(AISLES, range(int(2 * DEPTH))):
            low = frame.front + step / 2
            if any(
                (b.x, b.block) == (x, number) and b.front <= low < b.back for b in layout.blocked
            ):
                continue
            ways = {w.to_back for w in layout.one_way if (w.x, w.block) == (x, number)}
            near, far = name(x, low, number), name(x, low + 0.5, number)
            if ways != {False}:
                found.setdefault(near, []).append((far, 0.5))
            if ways != {True}:
                found.setdefault(far, []).append((near, 0.5))
        for y, (one, other) in itertools.product(
            (frame.front, frame.back), itertools.pairwise(sorted({*AISLES, 4.5}))
        ):
            found.setdefault((one, y, -1), []).append(((other, y, -1), other - one))
            found.setdefault((other, y, -1), []).append(((one, y, -1), other - one))
    names = [(p.x, 0.0, -1) if isinstance(p, Dock) else name(p.x, p.y, p.block) for p in points]
    return found, names


def steps(layout, points):
    """Metres between all points by Dijkstra on the half-metre steps; docks stand at y <= 0."""
    graph, names = edges(layout, points)
    out = [abs(point.y) if isinstance(point, Dock) else 0.0 for point in points]
    found = []
    for one, start in enumerate(names):
        seen = reached(graph, start)
        row = [
            seen.get(name, math.inf) + out[one] + more
            for name, more in zip(names, out, strict=True)
        ]
        # a dock and a dock, or a place and itself
        found.append([0.0 if points[one] == points[n] else row[n] for n in range(len(points))])
    return found


def reached(graph, start):
    """Metres to every node that can be reached."""
    seen, heap = {}, [(0.0, start)]
    while heap:
        metres, node = heapq.heappop(heap)
        if node in seen:
            continue
        seen[node] = metres
        for other, more in graph.get(node, ()):
            heapq.heappush(heap, (metres + more, other))
    return seen


def best_order(metres):
    """Metres of the shortest path from the first to the last place over all others."""
    inner = range(1, len(metres) - 1)
    return min(
        sum(metres[a][b] for a, b in itertools.pairwise((0, *order, len(metres) - 1)))
        for order in itertools.permutations(inner)
    )


@settings(deadline=None)
@given(st.data())
def test_the_shortest_walk_on_any_floor(data):
    layout = data.draw(floors())
    stops = data.draw(places(layout))
    start, end = data.draw(docks), data.draw(docks)
    oracle = steps(layout, [start, *stops, end])
    if any(math.isinf(oracle[0][n] + oracle[n][-1]) for n in range(1, len(stops) + 1)):
        with pytest.raises(ValueError, match="blocked"):
            routing.route(layout, stops, start, end)
        return
    found = routing.route(layout, stops, start, end)
    assert found.exact
    assert found.metres == pytest.approx(best_order(oracle))
    assert sum(routing.walk(layout, found.stops, start, end)) == pytest.approx(found.metres)
    assert sorted(stop.key for stop in found.stops) == list(range(len(stops)))
    assert routing.length(layout, stops, start, end) == pytest.approx(found.metres)


@settings(deadline=None)
@given(st.data())
def test_a_graph_of_a_free_floor_has_the_free_distances(data):
    """A one-way aisle that nobody needs changes nothing."""
    blocks = data.draw(st.sampled_from([ONE, TWO]))
    stops = data.draw(places(Layout(blocks)))
    far = Layout(blocks, one_way=(OneWay(100.0, 0, True),))
    points = [*stops, data.draw(docks)]
    expected = [[free_distance(Layout(blocks), one, other) for other in points] for one in points]
    for row, wanted in zip(matrix(far, points), expected, strict=True):
        assert row == pytest.approx(wanted)


@given(st.lists(st.lists(st.integers(1, 30), min_size=7, max_size=7), min_size=7, max_size=7))
def test_orders_with_distances_that_differ_by_direction(rows):
    """The exact path is the best of all orders; the searched one is a path and close to it."""
    metres = [[float(value) for value in row] for row in rows]
    best = best_order(metres)
    for path in (shortest_path(metres), searched_path(metres, 200)):
        assert sorted(path) == list(range(7))
        assert (path[0], path[-1]) == (0, 6)
        walked = sum(metres[a][b] for a, b in itertools.pairwise(path))
        assert best <= walked
    assert sum(metres[a][b] for a, b in itertools.pairwise(shortest_path(metres))) == best


def test_one_way_is_walked_that_way():
    layout = Layout(ONE, one_way=(OneWay(3.0, 0, True),), aisles=(0.0, 3.0))
    found = routing.route(layout, [Stop("a", 3.0, 2.0)], Dock(0, 0))
    # up the aisle to its end, back through the next one
    assert found.legs == (5, 3 + 3 + 5)
    assert found.exact


def test_a_blocked_part_is_walked_around():
    layout = Layout(ONE, blocked=(Blocked(0.0, 0, 1.0, 2.0),), aisles=(0.0, 3.0))
    found = routing.route(layout, [Stop("near", 0.0, 1.0), Stop("far", 0.0, 4.0)], Dock(0, 0))
    assert found.metres == 1 + 1 + 2 * (3 + 5 + 3 + 1)
    with pytest.raises(ValueError, match="'lost' can't be reached"):
        routing.route(layout, [Stop("lost", 0.0, 1.5)], Dock(0, 0))


@given(st.lists(st.tuples(aisles, st.integers(0, 3), st.sampled_from([0.0, 2.0, 4.0])), max_size=9))
def test_levels_of_one_place_are_served_together(spots):
    """From low to high in one stop; the highest counts once, there and back."""
    layout = Layout(ONE, lift=3.0)
    stops = [Stop(number, x, y, 0, z) for number, (x, y, z) in enumerate(spots)]
    found = routing.route(layout, stops, Dock(0, 0))
    highest = {}
    for stop in stops:
        highest[stop.x, stop.y] = max(stop.z, highest.get((stop.x, stop.y), 0.0))
    assert found.climb == 2 * 3.0 * sum(highest.values())
    groups = [(x, y) for (x, y), _same in itertools.groupby(found.stops, lambda s: (s.x, s.y))]
    assert len(groups) == len(highest)
    for one, other in itertools.pairwise(found.stops):
        assert (one.x, one.y) != (other.x, other.y) or one.z <= other.z
    assert found.metres == routing.route(Layout(ONE), stops, Dock(0, 0)).metres


@settings(deadline=None)
@given(st.data())
def test_bins_are_chosen_where_one_can_walk(data):
    """Candidates behind a block are not taken; of the others the nearest choice is."""
    layout = data.draw(floors())
    assume(not layout.free)
    stops = data.draw(places(layout, most=4))
    dock = data.draw(docks)
    bins = tuple(Candidate(stop.key, stop, Decimal(1)) for stop in stops)
    choice = choose_bins(layout, [Demand("apple", Decimal(1), bins)], dock, rounds=20)
    oracle = steps(layout, [dock, *stops])
    around = min(oracle[0][n] + oracle[n][0] for n in range(1, len(stops) + 1))
    if math.isinf(around):
        assert choice.missing == {"apple": Decimal(1)}
    else:
        assert choice.route.metres == pytest.approx(around)
