"""Session advisory locks: taken before the snapshot, so that what is read is what is.

Odoo's cursors are REPEATABLE READ: the snapshot is taken at the first query of
a request, long before our code runs.  A lock that is waited for inside such a
transaction protects nothing, for the reader still sees the world as it was.  So
the locks belong to the session, are taken first, and a fresh transaction starts
once they are held.  Behind PgBouncer use its session mode: in transaction mode a
session's locks stay with whatever connection it hands out next.

Order (everywhere the same, so no deadlock): command, device, warehouse, names,
products ascending.  JOURNAL and SETUP belong to the transaction and come after all of
these: they keep an order, they protect nothing that was read before.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from odoo.tools import SQL

# First of the two 32-bit numbers of an advisory lock: "WMS" and a class.
_SPACE = 0x574D5300
_COMMAND, _DEVICE, _WAREHOUSE, _NAME, _PRODUCT, JOURNAL, SETUP = (
    _SPACE + kind for kind in range(1, 8)
)

# Above this many products one lock of the whole warehouse is cheaper than all of theirs.
MAX_PRODUCTS = 64
WAIT_MS = 3000


@dataclass(frozen=True)
class LockKeys:
    """What a command will touch.

    ``warehouse_id``: shared with other commands unless there are more than 64 products;
    ``product_ids``: exclusive; ``names``: further exclusive keys such as ``"batch:7"``.
    """

    warehouse_id: int = 0
    product_ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


def _number(text: str) -> int:
    """A signed 32-bit number for a text; two texts may share one, which only costs waiting."""
    return zlib.crc32(text.encode()) - 2**31


def rows(keys: LockKeys, cmd_id: str = "", device_id: int = 0) -> list[tuple[int, int, bool]]:
    """The locks of a command in their fixed order: (space, key, shared)."""
    found = []
    if cmd_id:
        found.append((_COMMAND, _number(cmd_id), False))
    if device_id:
        found.append((_DEVICE, device_id, False))
    products = sorted(set(keys.product_ids))
    whole = len(products) > MAX_PRODUCTS
    if keys.warehouse_id:
        found.append((_WAREHOUSE, keys.warehouse_id, not whole))
    found += [(_NAME, key, False) for key in sorted({_number(name) for name in keys.names})]
    if not (whole and keys.warehouse_id):
        found += [(_PRODUCT, key, False) for key in products]
    return found


def acquire(cr, wanted: Iterable[tuple[int, int, bool]], wait_ms: int = WAIT_MS) -> None:
    """Take the locks, one after the other, waiting at most ``wait_ms`` for each.

    :raises psycopg2.errors.LockNotAvailable: the caller must call :func:`release`
    """
    wanted = list(wanted)
    cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", str(wait_ms)))
    cr.execute(
        SQL(
            """
            SELECT CASE WHEN shared THEN pg_advisory_lock_shared(space, key)
                        ELSE pg_advisory_lock(space, key) END
              FROM unnest(%s::int[], %s::int[], %s::bool[]) AS wanted(space, key, shared)
            """,
            [space for space, _key, _shared in wanted],
            [key for _space, key, _shared in wanted],
            [shared for _space, _key, shared in wanted],
        )
    )


def release(cr) -> None:
    """Give every session lock of this connection back, outside of any transaction.

    Works on the connection itself: at the end of a request Odoo runs the rollback
    hooks after the cursor object is gone.
    """
    connection = cr._cnx
    if connection.closed:
        return  # the server has dropped the session's locks with it
    connection.rollback()  # a wait that ran out of time leaves the transaction broken
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    connection.rollback()
