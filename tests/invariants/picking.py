"""P1 and P2: what scans say, what stops say and what move lines say is the same."""

from tests.invariants.base import EPSILON, Check

_NEEDS = ("wms_task", "stock_move_line.wms_scanned")

_P1 = f"""
SELECT 'stop ' || t.id || ' (' || t.state || '): ' || trim_scale(t.done::numeric)
       || ' picked but its lines hold ' || trim_scale(coalesce(sum(l.wms_scanned), 0)::numeric)
  FROM wms_task t LEFT JOIN stock_move_line l ON l.wms_task_id = t.id
 WHERE t.state <> 'cancelled'
 GROUP BY t.id HAVING abs(t.done - coalesce(sum(l.wms_scanned), 0)) > {EPSILON}
"""

_P2 = f"""
SELECT 'line ' || l.id || coalesce(' of ' || k.name, '') || ': '
       || trim_scale(l.wms_scanned::numeric) || ' scanned of ' || trim_scale(l.quantity_product_uom)
  FROM stock_move_line l LEFT JOIN stock_picking k ON k.id = l.picking_id
 WHERE l.state <> 'cancel' AND l.wms_scanned > l.quantity_product_uom + {EPSILON}
"""

CHECKS = (
    Check("P1", "stops = scans on their lines", _P1, needs=_NEEDS),
    Check("P2", "nothing scanned beyond its line", _P2, needs=_NEEDS),
)
