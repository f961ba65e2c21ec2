"""L9 and L10: what is open of each order line is what its documents leave open.

L9   goods received, not invoiced: the open units of an order line = received less billed (or
     written off); when that is 0, nothing of their value is open.
L10  shipped, not invoiced: the account = the cost that waits; of each order line as many units
     wait as are out and not invoiced.
"""

from tests.invariants.base import EPSILON, Check

_CENT = "0.004"

_L9 = f"""
WITH parts AS (
    SELECT purchase_line_id AS line, unbilled_qty AS open_qty, unbilled_value AS open_value,
           CASE WHEN kind = 'receipt' THEN qty END AS received, 0 AS billed
      FROM wms_cost_layer WHERE purchase_line_id IS NOT NULL
 UNION ALL
    SELECT purchase_line_id, -open_qty, -open_value, 0, 0
      FROM wms_cost_adjustment WHERE purchase_line_id IS NOT NULL
 UNION ALL
    SELECT m.purchase_line_id, -c.refundable_qty, -c.refundable_value, -c.qty, 0
      FROM wms_cost_consumption c JOIN stock_move m ON m.id = c.move_id
     WHERE m.purchase_line_id IS NOT NULL
 UNION ALL -- less than what is there was received or sent back: the rest still waits
    SELECT m.purchase_line_id, 0, 0, -d.open_qty - coalesce(d.returned_qty, 0), 0
      FROM wms_cost_deficit d JOIN stock_move m ON m.id = d.move_id
     WHERE m.purchase_line_id IS NOT NULL
 UNION ALL -- less was sent back than it seemed
    SELECT m.purchase_line_id, 0, 0, a.qty, 0
      FROM wms_cost_adjustment a
      JOIN wms_cost_consumption c ON c.id = a.consumption_id
      JOIN stock_move m ON m.id = c.move_id
     WHERE a.kind = 'undo' AND m.purchase_line_id IS NOT NULL
 UNION ALL
    SELECT l.purchase_line_id, 0, 0, 0,
           CASE WHEN e.move_type = 'in_refund' THEN -1 ELSE 1 END
           * l.quantity * u.factor / pu.factor
      FROM account_move_line l
      JOIN account_move e ON e.id = l.move_id
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom u ON u.id = l.product_uom_id
      JOIN uom_uom pu ON pu.id = t.uom_id
     WHERE l.parent_state = 'posted' AND l.display_type = 'product'
       AND e.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
       AND l.purchase_line_id IN (SELECT purchase_line_id FROM wms_cost_layer
                                   UNION SELECT purchase_line_id FROM wms_cost_adjustment)
 UNION ALL
    SELECT coalesce(a.purchase_line_id, m.purchase_line_id), 0, 0, 0,
           CASE WHEN a.consumption_id IS NULL AND a.origin_id IS NULL THEN a.qty ELSE -a.qty END
      FROM wms_cost_adjustment a
      LEFT JOIN wms_cost_consumption c ON c.id = a.consumption_id
      LEFT JOIN stock_move m ON m.id = c.move_id
     WHERE a.kind = 'writeoff' AND coalesce(a.purchase_line_id, m.purchase_line_id) IS NOT NULL
), straddling AS ( -- part of their receipts and bills lie before the books were opened or closed
    SELECT purchase_line_id AS line FROM wms_cost_layer WHERE kind IN ('opening', 'before')
 UNION SELECT purchase_line_id FROM wms_cost_adjustment WHERE kind IN ('opening', 'closing')
), orders AS (
    SELECT line, sum(coalesce(open_qty, 0)) AS open_qty, sum(coalesce(open_value, 0)) AS open_value,
           sum(coalesce(received, 0)) - sum(coalesce(billed, 0)) AS due
      FROM parts GROUP BY line
)
SELECT 'order line ' || line || ': ' || due || ' received and not billed, ' || open_qty
       || ' open for ' || open_value
  FROM orders
 WHERE (abs(due - open_qty) > {EPSILON}
        AND line NOT IN (SELECT line FROM straddling WHERE line IS NOT NULL))
    OR (abs(open_qty) < {EPSILON} AND abs(open_value) > {_CENT})
"""

_L10 = f"""
WITH rows AS (
    SELECT c.*, m.sale_line_id FROM wms_cost_consumption c JOIN stock_move m ON m.id = c.move_id
     WHERE c.uninvoiced_qty IS NOT NULL
), waiting AS (
    SELECT company_id, account_id, sum(uninvoiced_value) AS value FROM rows GROUP BY 1, 2
), ledger AS (
    SELECT l.company_id, l.account_id, sum(l.balance) AS balance
      FROM account_move_line l
     WHERE l.parent_state = 'posted' AND (l.company_id, l.account_id) IN
           (SELECT company_id, account_id FROM waiting)
     GROUP BY 1, 2
)
SELECT 'account ' || (SELECT name->>'en_US' FROM account_account a WHERE a.id = account_id)
       || ': ledger ' || coalesce(balance, 0) || ', shipped and not invoiced ' || value
  FROM waiting LEFT JOIN ledger USING (company_id, account_id)
 WHERE abs(coalesce(balance, 0) - value) > {_CENT}
 UNION ALL
SELECT 'sale line ' || sale_line_id || ': ' || sum(uninvoiced_qty) || ' wait, '
       || sum(qty - coalesce(returned_qty, 0)) || ' are out'
  FROM rows GROUP BY sale_line_id
HAVING sum(uninvoiced_qty) > sum(qty - coalesce(returned_qty, 0)) + {EPSILON}
"""

_TABLES = ("wms_cost_layer", "wms_cost_consumption.uninvoiced_qty", "stock_move.purchase_line_id")

CHECKS = [
    Check("L9", "an order line's open goods = received less billed", _L9, _TABLES),
    Check("L10", "shipped, not invoiced = what waits", _L10, (*_TABLES, "stock_move.sale_line_id")),
]
