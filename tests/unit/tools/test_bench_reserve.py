"""The reservation bench without a database: options and limits."""

import pytest

from tools.benches import reserve

SOUND = {
    "ratio": 20.0,
    "queries": 160,
    "differences": 0,
}


def figures(mixed=None, violations=0, errors=0, **plain):
    """Figures of a run in which everything holds, but for what is said."""
    return {
        **SOUND,
        **plain,
        "mixed": {**SOUND, **(mixed or {})},
        "violations": violations,
        "parallel": {"errors": errors},
    }


def limits(argv=(), **more):
    """What the bench complains about."""
    return reserve._limits(figures(**more), reserve._options(list(argv)))


def test_a_sound_run():
    assert limits() == []


@pytest.mark.parametrize(
    "more",
    [
        {"ratio": 14.9},
        {"queries": 501},
        {"differences": 1},
        {"mixed": {"ratio": 3.0}},
        {"mixed": {"queries": 900}},
        {"mixed": {"differences": 2}},
        {"violations": 1},
        {"errors": 1},
    ],
)
def test_each_limit_is_told(more):
    assert len(limits(**more)) == 1


def test_a_small_run_is_not_judged_by_its_speed():
    assert limits(["--pickings", "50"], ratio=2.0) == []


@pytest.mark.parametrize(
    "argv",
    [
        ["--pickings", "0"],
        ["--lines", "9", "--products", "5"],
        ["--quants", "60", "--bins", "10", "--products", "10"],
        ["--workers", "-1"],
        ["--core-rounds", "0"],
    ],
)
def test_sizes_that_make_no_warehouse(argv, capsys):
    with pytest.raises(SystemExit):
        reserve._options(argv)
    assert "error:" in capsys.readouterr().err
