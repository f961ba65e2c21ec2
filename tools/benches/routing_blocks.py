"""Generated routes through three to six blocks, compared with a long search in the same run."""

import random
import time
from itertools import pairwise, product

SEED = 1
BLOCKS = (3, 4, 5, 6)
PICKS = (7, 15, 30)
AISLES = 20
PITCH, DEPTH = 3.0, 20.0
# how much more the long search does than the engine does by default
LONG = 1500


def cases(each: int) -> list[dict]:
    """Records of ``each`` generated cases for every number of blocks and picks."""
    chance = random.Random(SEED)
    return [
        _case(blocks, picks, chance)
        for blocks, picks in product(BLOCKS, PICKS)
        for _turn in range(each)
    ]


def _case(blocks: int, picks: int, chance: random.Random) -> dict:
    """Gap to the best known route, and milliseconds of CPU; half of the cases have two docks."""
    from inventory_wms.engine import routing

    layout = routing.Layout(
        tuple(routing.Block(DEPTH * n, DEPTH * n + DEPTH) for n in range(blocks))
    )
    stops = [_stop(number, chance.randrange(blocks), chance) for number in range(picks)]
    start = routing.Dock(PITCH * chance.randrange(AISLES), 0.0)
    end = chance.choice([start, routing.Dock(PITCH * chance.randrange(AISLES), DEPTH * blocks)])
    # what the engine derives once for a number of blocks is not counted
    routing.route(layout, stops, start, end)
    begin = time.process_time()
    found = routing.route(layout, stops, start, end)
    spent = time.process_time() - begin
    if sorted(stop.key for stop in found.stops) != list(range(picks)):
        raise AssertionError("the route is not a permutation of the picks")
    walked = sum(routing.walk(layout, found.stops, start, end))
    best = min(walked, _long(layout, [start, *stops, end]))
    return {
        "blocks": blocks,
        "gap": walked / best - 1,
        "ms": 1000 * spent,
        "size": (picks, AISLES),
    }


def _stop(number: int, block: int, chance: random.Random) -> object:
    from inventory_wms.engine import routing

    x = PITCH * chance.randrange(AISLES)
    return routing.Stop(number, x, DEPTH * block + chance.randint(1, 39) / 2, block)


def _long(layout: object, places: list) -> float:
    """Metres found by many more rounds."""
    from inventory_wms.engine.routing_ground import matrix
    from inventory_wms.engine.routing_search import searched_path

    metres = matrix(layout, places)
    return sum(metres[a][b] for a, b in pairwise(searched_path(metres, LONG)))
