"""L1 to L8: ledger = cost layers = quantities x cost, for products costed at movement.

L1  the balance of a stock valuation account = the value of the goods booked on it.  Where a
    company posts once a day, what is collected for that entry counts as posted (L1, L5).
L2  layers' remaining units less what is still missing = owned units in valued places.
L3  the total of a product = its layers' remaining value less provisional cost still open.
L4  the value of a move out = its consumptions and what is provisional; of a receipt = its layer
    with later corrections of what is on hand. Not for what an opening took over or closed.
L5  goods received, not invoiced: the account = what is open; 0 for a fully billed order line.
L6  every unit that left names the receipt it came from, or is recorded as missing.
L7  nothing is left to post, and what is posted has an entry of the same amount; what is
    collected waits at most two days for the entry of its day.
L8  a layer's cost and its corrections = what was taken from it and what remains.
"""

from tests.invariants.base import EPSILON, Check

_CENT = "0.004"
_NAME = """
    (SELECT coalesce(p.default_code, t.name->>'en_US', 'product ' || p.id)
       FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
      WHERE p.id = k.product_id)
"""


def _account(role: str, default: str) -> str:
    """SQL: the account of category `g` in company `c`: its own, the default's, the company's."""
    return f"""
    coalesce((g.{role}->>c.id::text)::int,
             (SELECT d.json_value::int FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id
               WHERE f.model = 'product.category' AND f.name = '{role}'
                 AND d.company_id = c.id AND d.json_value ~ '^[0-9]+$' LIMIT 1),
             c.{default})
    """


_MODE = """
    coalesce(g.property_valuation->>c.id::text,
             (SELECT trim(both '"' FROM d.json_value)
                FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id
               WHERE f.model = 'product.category' AND f.name = 'property_valuation'
                 AND d.user_id IS NULL AND (d.company_id = c.id OR d.company_id IS NULL)
               ORDER BY d.company_id NULLS LAST LIMIT 1),
             c.inventory_valuation)
"""


_COSTED = f"""
    SELECT p.id AS product_id, c.id AS company_id, c.partner_id, t.lot_valuated,
           {_account("property_stock_valuation_account_id", "account_stock_valuation_id")} AS stock,
           {_account("wms_grni_account_id", "wms_grni_account_id")} AS grni
      FROM product_product p
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN product_category g ON g.id = t.categ_id
      JOIN res_company c ON {_MODE} = 'perpetual_move'
     WHERE t.is_storable
"""


# the ledger, and what is collected for the entry of its day (one entry per day instead of transfer)
_POSTED = """
    SELECT company_id, account_id, product_id, balance FROM account_move_line
     WHERE parent_state = 'posted'
 UNION ALL
    SELECT p.company_id, (line->>'account_id')::int, nullif(line->>'product_id', 'false')::int,
           (line->>'balance')::numeric
      FROM wms_cost_posting p, jsonb_array_elements(p.lines) line WHERE p.state = 'collected'
"""


def _balances(role: str) -> str:
    """SQL: balance per company and account, without lines of products costed in another way."""
    return f"""
    SELECT l.company_id, l.account_id, sum(l.balance) AS balance
      FROM ({_POSTED}) l
     WHERE (l.company_id, l.account_id) IN (SELECT company_id, {role} FROM costed)
       AND (l.product_id IS NULL
            OR (l.company_id, l.product_id) IN (SELECT company_id, product_id FROM costed))
     GROUP BY l.company_id, l.account_id
    """


_L1 = f"""
WITH goods_costed AS ({_COSTED}), places AS (
    SELECT company_id, id, wms_stock_account_id AS stock
      FROM stock_location WHERE wms_stock_account_id IS NOT NULL AND company_id IS NOT NULL
), costed AS (
    SELECT company_id, product_id, stock FROM goods_costed
 UNION ALL
    SELECT company_id, product_id, places.stock FROM goods_costed JOIN places USING (company_id)
), ledger AS ({_balances("stock")}), goods AS (
    SELECT total.company_id, coalesce(places.stock, costed.stock) AS account_id,
           sum(total.value) AS value
      FROM wms_cost_total total
      JOIN goods_costed costed USING (company_id, product_id)
      LEFT JOIN places ON places.id = total.place_id
     GROUP BY 1, 2
)
SELECT 'account ' || (SELECT name->>'en_US' FROM account_account a WHERE a.id = account_id)
       || ': ledger ' || coalesce(balance, 0) || ', layers ' || coalesce(value, 0)
  FROM ledger FULL JOIN goods USING (company_id, account_id)
 WHERE abs(coalesce(balance, 0) - coalesce(value, 0)) > {_CENT}
"""

_L2 = f"""
WITH costed AS ({_COSTED}), units AS (
    SELECT company_id, product_id, coalesce(lot_id, 0) AS lot, coalesce(place_id, 0) AS place,
           remaining_qty AS qty FROM wms_cost_layer
 UNION ALL SELECT company_id, product_id, coalesce(lot_id, 0), coalesce(place_id, 0), -open_qty
      FROM wms_cost_deficit
 UNION ALL
    SELECT q.company_id, q.product_id,
           CASE WHEN costed.lot_valuated THEN coalesce(q.lot_id, 0) ELSE 0 END,
           coalesce(l.wms_place_id, 0), -q.quantity
      FROM stock_quant q
      JOIN stock_location l ON l.id = q.location_id
      JOIN costed ON costed.product_id = q.product_id AND costed.company_id = q.company_id
     WHERE l.usage IN ('internal', 'transit') AND l.company_id IS NOT NULL
       AND (q.owner_id IS NULL OR q.owner_id = costed.partner_id)
), k AS (
    SELECT company_id, product_id, lot, place, sum(qty) AS qty FROM units GROUP BY 1, 2, 3, 4
)
SELECT {_NAME} || ': layers differ from the shelves by ' || trim_scale(qty::numeric)
  FROM k JOIN costed USING (company_id, product_id) WHERE abs(qty) > {EPSILON}
"""

_L3 = f"""
WITH rows AS (
    SELECT total_id, remaining_qty AS qty, remaining_value AS value FROM wms_cost_layer
 UNION ALL SELECT total_id, -open_qty, -open_value FROM wms_cost_deficit
), k AS (
    SELECT t.product_id, t.qty - coalesce(sum(r.qty), 0) AS qty,
           t.value - coalesce(sum(r.value), 0) AS value
      FROM wms_cost_total t LEFT JOIN rows r ON r.total_id = t.id GROUP BY t.id
)
SELECT {_NAME} || ': total differs from its layers by ' || value || ' and units by ' || qty
  FROM k WHERE abs(value) > {_CENT} OR abs(qty) > {EPSILON}
"""

_L4 = f"""
WITH parts AS (
    SELECT c.move_id, CASE WHEN c.corrects THEN -c.value ELSE c.value END AS value
      FROM wms_cost_consumption c JOIN wms_cost_layer l ON l.id = c.layer_id
     WHERE l.kind <> 'before'
 UNION ALL
    SELECT move_id, CASE WHEN corrects THEN -1 ELSE 1 END
                    * (open_value + coalesce(returned_value, 0)) FROM wms_cost_deficit
 UNION ALL
    SELECT c.move_id, -a.received_value
      FROM wms_cost_adjustment a JOIN wms_cost_consumption c ON c.id = a.consumption_id
     WHERE a.kind = 'undo'
 UNION ALL SELECT move_id, value FROM wms_cost_layer
     WHERE kind NOT IN ('average', 'return', 'opening', 'before', 'direct')
 UNION ALL
    SELECT CASE WHEN l.kind = 'transfer' THEN root.move_id ELSE l.move_id END, a.on_hand
      FROM wms_cost_adjustment a JOIN wms_cost_layer l ON l.id = a.layer_id
      LEFT JOIN wms_cost_layer root ON root.id = l.root_layer_id
     WHERE l.kind NOT IN ('return', 'opening', 'before') AND a.kind NOT IN ('closing', 'undo')
), k AS (
    SELECT move_id, sum(coalesce(value, 0)) AS value FROM parts
     WHERE move_id NOT IN (SELECT move_id FROM wms_cost_layer
                            WHERE kind IN ('transfer', 'return'))
     GROUP BY move_id
)
SELECT coalesce(m.reference, 'move ' || m.id) || ': worth ' || m.value || ', its rows ' || k.value
  FROM k JOIN stock_move m ON m.id = k.move_id
 WHERE abs(coalesce(m.value, 0) - k.value) > {_CENT}
"""

_L5 = f"""
WITH costed AS ({_COSTED}), ledger AS ({_balances("grni")}), open_rows AS (
    SELECT company_id, product_id, -unbilled_value AS value FROM wms_cost_layer
 UNION ALL SELECT company_id, product_id, open_value FROM wms_cost_adjustment
 UNION ALL SELECT company_id, product_id, refundable_value FROM wms_cost_consumption
), waiting AS (
    SELECT company_id, grni AS account_id, sum(coalesce(value, 0)) AS value
      FROM open_rows JOIN costed USING (company_id, product_id) GROUP BY 1, 2
)
SELECT 'account ' || (SELECT name->>'en_US' FROM account_account a WHERE a.id = account_id)
       || ': ledger ' || coalesce(balance, 0) || ', open ' || coalesce(value, 0)
  FROM ledger FULL JOIN waiting USING (company_id, account_id)
 WHERE abs(coalesce(balance, 0) - coalesce(value, 0)) > {_CENT}
 UNION ALL
SELECT 'order line ' || l.purchase_line_id || ' is fully billed with '
       || sum(l.unbilled_value) || ' open'
  FROM wms_cost_layer l WHERE l.purchase_line_id IS NOT NULL
 GROUP BY l.purchase_line_id
HAVING sum(coalesce(l.unbilled_qty, 0)) = 0 AND sum(coalesce(l.unbilled_value, 0)) <> 0
"""

_L6 = f"""
WITH costed AS ({_COSTED}), parts AS (
    SELECT c.move_id, c.qty FROM wms_cost_consumption c JOIN wms_cost_layer l ON l.id = c.layer_id
     WHERE l.move_id IS NOT NULL
 UNION ALL SELECT move_id, open_qty + coalesce(returned_qty, 0) FROM wms_cost_deficit
 UNION ALL
    SELECT c.move_id, -a.qty
      FROM wms_cost_adjustment a JOIN wms_cost_consumption c ON c.id = a.consumption_id
     WHERE a.kind = 'undo'
), since AS (
    SELECT product_id, company_id, min(move_id) AS move_id FROM wms_cost_layer
     WHERE kind NOT IN ('opening', 'before') GROUP BY 1, 2
), named AS (SELECT move_id, sum(qty) AS qty FROM parts GROUP BY move_id),
moved AS (
    SELECT m.id, m.reference, sum(l.quantity_product_uom) AS qty
      FROM stock_move m
      JOIN costed ON costed.product_id = m.product_id AND costed.company_id = m.company_id
      JOIN since ON since.product_id = m.product_id AND since.company_id = m.company_id
                AND m.id >= since.move_id
      JOIN stock_move_line l ON l.move_id = m.id
      JOIN stock_location a ON a.id = l.location_id
      JOIN stock_location b ON b.id = l.location_dest_id
     WHERE m.state = 'done' AND m.is_out
       AND (l.owner_id IS NULL OR l.owner_id = costed.partner_id)
       AND a.usage IN ('internal', 'transit') AND a.company_id IS NOT NULL
       AND NOT (b.usage IN ('internal', 'transit') AND b.company_id IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM wms_cost_total o WHERE o.product_id = m.product_id
                          AND o.company_id = m.company_id AND o.opened_at >= m.date)
     GROUP BY m.id
)
SELECT coalesce(reference, 'move ' || id) || ': ' || (moved.qty - coalesce(named.qty, 0))
       || ' units do not name their receipt'
  FROM moved LEFT JOIN named ON named.move_id = moved.id
 WHERE abs(moved.qty - coalesce(named.qty, 0)) > {EPSILON}
"""

_L7 = f"""
SELECT coalesce(reference, key) || ': not posted' FROM wms_cost_posting
 WHERE state = 'pending' OR (state = 'collected' AND create_date < now() - interval '2 days')
 UNION ALL
SELECT coalesce(m.name, 'entry ' || m.id) || ': ' || m.state || ', its events ' || sum(p.amount)
       || ', its debits ' || d.debit
  FROM wms_cost_posting p
  JOIN account_move m ON m.id = p.account_move_id
  JOIN LATERAL (SELECT coalesce(sum(debit), 0) AS debit FROM account_move_line
                 WHERE move_id = m.id) d ON true
 WHERE p.state = 'posted'
 GROUP BY m.id, d.debit
HAVING m.state <> 'posted' OR abs(sum(p.amount) - d.debit) > {_CENT}
"""

_L8 = f"""
WITH parts AS (
    SELECT id AS layer_id, value - remaining_value AS value FROM wms_cost_layer
     WHERE kind <> 'average'
 UNION ALL
    SELECT a.layer_id, coalesce(a.on_hand, 0)
      FROM wms_cost_adjustment a JOIN wms_cost_layer l ON l.id = a.layer_id
     WHERE l.kind <> 'average'
 UNION ALL SELECT layer_id, -layer_value FROM wms_cost_consumption
)
SELECT 'layer ' || layer_id || ': ' || sum(value) || ' is lost'
  FROM parts GROUP BY layer_id HAVING abs(sum(value)) > {_CENT}
"""

_TABLES = (
    "wms_cost_layer",
    "wms_cost_total",
    "wms_cost_posting",
    "product_category.wms_grni_account_id",
)

CHECKS = [
    Check("L1", "valuation account = value of layers", _L1, _TABLES),
    Check("L2", "layers = owned goods on hand", _L2, _TABLES),
    Check("L3", "total = layers", _L3, _TABLES),
    Check("L4", "value of a move = its rows", _L4, _TABLES),
    Check("L5", "goods received, not invoiced = what is open", _L5, _TABLES),
    Check("L6", "every unit that left names its receipt", _L6, _TABLES),
    Check("L7", "everything is posted", _L7, _TABLES),
    Check("L8", "a layer loses nothing", _L8, _TABLES),
]
