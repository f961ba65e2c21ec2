"""What must be true of stock, books and commands at any moment, as plain SQL.

One list for tests, attacks and the demo: ``check(cr)`` counts what is broken, ``explain(cr)``
names product, bin and document.  ``cr`` is any cursor with ``execute`` and ``fetchall`` (psycopg2's
or Odoo's; flush Odoo's environment first).  Nothing is written.

Stock (``stock.py``; the key is product, location, lot, package and owner):

I1  the quantity of a key = what done move lines brought there minus what they took away.
    Core covers a negative lot from untracked stock of the same bin; that exchange is allowed.
I2  the reserved quantity of a key = the open move lines that take from it (internal and transit).
I3  reserved <= on hand for every key: nothing is promised twice (internal and transit).
I4  no negative quantity (internal and transit).
I5  one row per key (internal and transit): two rows are the trace of a lost race.
I6  every posted journal entry balances: debit = credit.
I7  the quantity of a done move = the sum of its lines.
I8  value in - value out = value of what is on hand, to the cent.  Here for products under core's
    own FIFO whose receipts no bill, landed cost or person has valued again (core does not
    promise more, and its average method drifts); products of our cost layers: ``ledger.py``.

Commands (``commands.py``; skipped where our add-ons are not installed):

C1  a command id is recorded once.
C2  a step (device, seq) is recorded once.
C3  the steps of a device have no hole: 1, 2, 3 ... last.
C4  a stock move that names a command was done by one whose answer is "applied".
C5  a recorded command is decided and its stored answer is about itself.
C6  no session holds a lock of ours between two requests.

Picking (``picking.py``):

P1  what a stop counts as picked = what was scanned on its move lines.
P2  no move line has more scanned than it holds.
P3  what an open stop asks for = what its move lines hold.
P4  a closed wave has no open stop.

Other modules of this package add their own by listing a module in ``_MODULES``.
"""

import importlib
import importlib.util

from tests.invariants.base import Check

__all__ = ["Check", "check", "checks", "explain"]

# A module may arrive with the capability it guards; absent ones are no error.
_MODULES = ("stock", "commands", "picking", "ledger", "ledger_orders", "ledger_report")
_MAX_NAMED = 20


def checks() -> list[Check]:
    """Every invariant known, in the order of the modules."""
    found: list[Check] = []
    for name in _MODULES:
        full = f"{__name__}.{name}"
        if importlib.util.find_spec(full):
            found += importlib.import_module(full).CHECKS
    return found


def check(cr) -> dict[str, int]:
    """Count the violations of each invariant; all 0 means sound.

    :param cr: cursor; invariants whose tables are missing (add-on not installed) are left out
    :return: ``{"I1": 0, ...}``
    """
    return {item.code: len(item.problems(cr)) for item in checks() if item.applies(cr)}


def explain(cr) -> list[str]:
    """One line for each violation, at most 20 per invariant, naming what is wrong where."""
    lines = []
    for item in checks():
        problems = item.problems(cr) if item.applies(cr) else []
        lines += [f"{item.code} ({item.says}): {text}" for text in problems[:_MAX_NAMED]]
        if len(problems) > _MAX_NAMED:
            lines.append(f"{item.code}: and {len(problems) - _MAX_NAMED} more")
    return lines
