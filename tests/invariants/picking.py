"""P1 to P4: what scans say, what stops say and what move lines say is the same."""

from tests.invariants.base import EPSILON, Check

_NEEDS = ("wms_task", "stock_move_line.wms_scanned")

_P1 = f"""
SELECT 'stop ' || t.id || ' (' || t.state || '): ' || trim_scale(t.done::numeric)
       || ' picked but its lines hold ' || trim_scale(coalesce(sum(l.wms_scanned), 0)::numeric)
  FROM wms_task t LEFT JOIN stock_move_line l ON l.wms_task_id = t.id
 WHERE t.state <> 'cancelled' AND t.kind = 'pick'
 GROUP BY t.id HAVING abs(t.done - coalesce(sum(l.wms_scanned), 0)) > {EPSILON}
"""

_P2 = f"""
SELECT 'line ' || l.id || coalesce(' of ' || k.name, '') || ': '
       || trim_scale(l.wms_scanned::numeric) || ' scanned of ' || trim_scale(l.quantity_product_uom)
  FROM stock_move_line l LEFT JOIN stock_picking k ON k.id = l.picking_id
 WHERE l.state <> 'cancel' AND l.wms_scanned > l.quantity_product_uom + {EPSILON}
"""

_P3 = f"""
SELECT 'stop ' || t.id || ' (' || t.state || '): asks for ' || trim_scale(t.demand::numeric)
       || ' but its lines hold ' || trim_scale(coalesce(sum(l.quantity_product_uom), 0))
  FROM wms_task t LEFT JOIN stock_move_line l ON l.wms_task_id = t.id
 WHERE t.state IN ('ready', 'claimed') AND t.kind = 'pick'
 GROUP BY t.id HAVING abs(t.demand - coalesce(sum(l.quantity_product_uom), 0)) > {EPSILON}
"""

_P4 = """
SELECT 'stop ' || t.id || ' is open but wave ' || b.name || ' is ' || b.state
  FROM wms_task t JOIN stock_picking_batch b ON b.id = t.batch_id
 WHERE t.state IN ('ready', 'claimed') AND b.state IN ('done', 'cancel')
"""

CHECKS = (
    Check("P1", "stops = scans on their lines", _P1, needs=_NEEDS),
    Check("P2", "nothing scanned beyond its line", _P2, needs=_NEEDS),
    Check("P3", "an open stop asks for what its lines hold", _P3, needs=_NEEDS),
    Check("P4", "a closed wave has no open stop", _P4, needs=_NEEDS),
)
