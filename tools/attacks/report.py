"""What an attack reports: the figures of design 13, and the reference beside them."""

import json
import sys
import time
from dataclasses import dataclass, field

from tests.invariants import check, explain
from tools import env


@dataclass
class Figures:
    """Counts of one side (ours or the reference).

    ``commands``: what was asked; ``effects``: what the database shows of it;
    ``user_errors``: answers a person would have seen as an error; ``seconds``: one per request.
    """

    rounds: int = 0
    commands: int = 0
    effects: int = 0
    user_errors: int = 0
    seconds: list[float] = field(default_factory=list)
    violations_by: dict[str, int] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)

    def judge(self, database: str) -> None:
        """Check the invariants of a database and add what is broken."""
        connection = env.connect(database)
        try:
            with connection.cursor() as cursor:
                for code, number in check(cursor).items():
                    self.violations_by[code] = self.violations_by.get(code, 0) + number
                for line in explain(cursor):
                    env.say(f"  {database}: {line}")
        finally:
            connection.close()

    def expect(self, name: str, number: int) -> None:
        """Add an invariant of this attack alone, such as lost or doubled effects."""
        self.violations_by[name] = self.violations_by.get(name, 0) + number

    @property
    def violations(self) -> int:
        """All violations together."""
        return sum(self.violations_by.values())

    def as_json(self) -> dict:
        """Numbers only, as design 13 names them."""
        times = sorted(self.seconds) or [0.0]
        return {
            "rounds": self.rounds,
            "violations": self.violations,
            "violations_by": self.violations_by,
            "user_errors": self.user_errors,
            "p95_s": round(times[int(len(times) * 0.95) - (len(times) > 1)], 3),
            "max_s": round(times[-1], 3),
            "effects": self.effects,
            "commands": self.commands,
            **self.more,
        }


@dataclass
class Result:
    """The whole report of one attack."""

    name: str
    seed: int
    ours: Figures = field(default_factory=Figures)
    reference: Figures | None = None
    durability: dict[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def finish(self) -> None:
        """Stop the clock."""
        self.seconds = round(time.monotonic() - self.started, 1)

    @property
    def ok(self) -> bool:
        """No invariant broke and nobody saw an error."""
        return not self.ours.violations and not self.ours.user_errors

    def as_json(self) -> dict:
        """The object of design 13."""
        return {
            "name": self.name,
            "ok": self.ok,
            "figures": self.ours.as_json() | {"seconds": self.seconds},
            "reference": self.reference.as_json() if self.reference else {},
            "commit": env.commit_id(),
            "seed": self.seed,
        }

    def show(self) -> None:
        """A table for people: ours beside the reference."""
        ours = self.ours.as_json()
        other = self.reference.as_json() if self.reference else {}
        print(f"\n{self.name}: {'held' if self.ok else 'BROKEN'}", file=sys.stderr)
        print(f"  {'':24}{'the suite':>14}{'plain Odoo':>14}", file=sys.stderr)
        for key, value in ours.items():
            if not isinstance(value, dict):
                print(f"  {key:24}{value:>14}{other.get(key, '-'):>14}", file=sys.stderr)
        broken = {"the suite": self.ours.violations_by}
        if self.reference:
            broken["plain Odoo"] = self.reference.violations_by
        for who, counts in broken.items():
            text = ", ".join(f"{code} {number}" for code, number in counts.items() if number)
            print(f"  broken in {who}: {text or 'nothing'}", file=sys.stderr)


def print_json(data: dict) -> None:
    """The last line of standard output."""
    print(json.dumps(data), flush=True)
