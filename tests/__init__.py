"""Tests of the whole suite; `tests.invariants` is also used by attacks, benches and the demo."""
