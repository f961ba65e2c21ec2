"""The bench of boxes: equal seeds give equal orders and figures; a bad plan is noticed."""

import dataclasses
import json

import pytest

from tools.benches import cartons as bench
from tools.benches import engines

engines.importable()


def figures(capsys, *words):
    status = bench.main([*words, "--json"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    return status, {
        key: value for key, value in found["figures"].items() if not key.startswith("ms_")
    }


def test_figures_follow_the_seed(capsys):
    status, first = figures(capsys, "--orders", "12", "--seed", "5")
    assert status == 0
    assert first["cases"] == 12
    assert 0 < first["filled_pct"] < 100
    assert figures(capsys, "--orders", "12", "--seed", "5") == (0, first)
    assert bench._orders(12, 5) != bench._orders(12, 6)


def test_a_plan_that_overlaps_or_forgets_is_not_sound():
    from inventory_wms.engine import cartons

    items = [cartons.Item(number, 50, 50, 50) for number in range(2)]
    found = cartons.plan(items, [cartons.Box(0, 100, 50, 50)])
    assert bench._is_sound(items, found)
    (packed,) = found.boxes
    one, other = packed.placed
    overlapping = dataclasses.replace(
        packed, placed=(one, dataclasses.replace(one, item=other.item))
    )
    assert not bench._is_sound(items, cartons.Plan((overlapping,)))
    forgotten = dataclasses.replace(packed, placed=(one,))
    assert not bench._is_sound(items, cartons.Plan((forgotten,)))
    outside = dataclasses.replace(packed, placed=(one, dataclasses.replace(other, x=60)))
    assert not bench._is_sound(items, cartons.Plan((outside,)))


def test_too_few_orders_are_refused():
    with pytest.raises(SystemExit):
        bench.main(["--orders", "2"])
