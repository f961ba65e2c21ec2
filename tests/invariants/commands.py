"""C1 to C6: the record of commands and the locks of the command service."""

from tests.invariants.base import Check

_TABLE = ("wms_command",)

_C1 = """
SELECT 'command ' || cmd_id || ' is recorded ' || count(*) || ' times'
  FROM wms_command GROUP BY cmd_id HAVING count(*) > 1
"""

_C2 = """
SELECT 'device ' || d.name || ': step ' || c.seq || ' is recorded ' || count(*) || ' times'
  FROM wms_command c JOIN wms_device d ON d.id = c.device_id
 WHERE c.seq > 0 GROUP BY d.id, d.name, c.seq HAVING count(*) > 1
"""

_C3 = """
SELECT 'device ' || d.name || ': ' || count(DISTINCT c.seq) || ' steps, the last is ' || max(c.seq)
  FROM wms_command c JOIN wms_device d ON d.id = c.device_id
 WHERE c.seq > 0 GROUP BY d.id, d.name HAVING count(DISTINCT c.seq) <> max(c.seq)
"""

_C4 = """
SELECT 'move ' || m.id || ' was done by command ' || c.cmd_id || ', which is ' || c.status
  FROM stock_move m JOIN wms_command c ON c.id = m.wms_command_id
 WHERE c.status <> 'applied'
"""

_C5 = """
SELECT 'command ' || cmd_id || ' is ' || status || ', its answer says '
       || coalesce(answer->>'status', 'nothing')
  FROM wms_command
 WHERE status NOT IN ('applied', 'rejected', 'conflict')
    OR answer->>'status' IS DISTINCT FROM status OR answer->>'cmd_id' IS DISTINCT FROM cmd_id
"""

# The first number of our locks is 0x574D5300 ("WMS") and a class, see services/locks.py.  A
# session that is idle outside of any transaction for a second is between two requests.
_C6 = """
SELECT 'session ' || l.pid || ' holds lock ' || l.classid || '/' || l.objid
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND l.classid::bigint BETWEEN 1464685312 AND 1464685567
   AND a.state = 'idle' AND a.state_change < clock_timestamp() - interval '1 second'
"""

CHECKS = (
    Check("C1", "a command id is recorded once", _C1, needs=_TABLE),
    Check("C2", "a step is recorded once", _C2, needs=_TABLE),
    Check("C3", "steps without holes", _C3, needs=_TABLE),
    Check("C4", "moves of applied commands only", _C4, needs=("stock_move.wms_command_id",)),
    Check("C5", "every command is decided", _C5, needs=_TABLE),
    Check("C6", "no lock is left", _C6, needs=_TABLE),
)
