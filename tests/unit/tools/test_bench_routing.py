"""The routing bench on four published instances: right numbers, and no way to pass by mistake."""

import json
import shutil
from pathlib import Path

import pytest

from tools.benches import routing

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "sprp"


def run(capsys, *arguments):
    status = routing.main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_published_optima_are_met(capsys):
    status, found = run(capsys, "--input", str(FIXTURE))
    assert (status, found["ok"], found["name"]) == (0, True, "routing")
    assert found["figures"]["cases"] == found["figures"]["matched"] == 4
    assert found["figures"]["max_gap_pct"] == 0
    assert found["figures"]["two_block"]["cases"] == 4
    assert 0 <= found["figures"]["two_block"]["mean_gap_pct"] < 3
    assert found["reference"]["s_shape"]["mean_gap_pct"] > 0


@pytest.mark.parametrize("changed", ["73", "75"])
def test_another_optimum_is_a_failure(capsys, tmp_path, changed):
    """A route that is longer than published is not exact; a shorter one cannot be."""
    shutil.copytree(FIXTURE, tmp_path / "set")
    table = tmp_path / "set" / "results_SPRP.csv"
    lines = table.read_text().splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("SPRP,true,5,30,3,1,0,"))
    assert ",74," in lines[place]
    lines[place] = lines[place].replace(",74,", f",{changed},")
    table.write_text("\n".join(lines))
    status, found = run(capsys, "--input", str(tmp_path / "set"))
    assert (status, found["ok"], found["figures"]["matched"]) == (1, False, 3)


def test_limit_takes_a_seeded_sample(capsys):
    _status, found = run(capsys, "--input", str(FIXTURE), "--limit", "2")
    assert found["figures"]["cases"] == 2


def test_a_folder_without_instances_is_a_failure(capsys, tmp_path):
    assert routing.main(["--input", str(tmp_path)]) == 1
    assert "no instance" in capsys.readouterr().err
