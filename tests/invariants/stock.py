"""I1 to I8: quantities, reservations, entries and values of Odoo's own tables."""

from tests.invariants.base import EPSILON, KEY, WHERE, Check

_STORABLE = """
    SELECT p.id FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
     WHERE t.is_storable
"""
_INSIDE = "SELECT id FROM stock_location WHERE usage IN ('internal', 'transit')"

_I1 = f"""
WITH flows AS (
    SELECT product_id, location_id, lot_id, package_id, owner_id, quantity_product_uom AS qty
      FROM stock_move_line WHERE state = 'done'
 UNION ALL
    SELECT product_id, location_dest_id, lot_id, result_package_id, owner_id, -quantity_product_uom
      FROM stock_move_line WHERE state = 'done'
 UNION ALL
    SELECT {KEY}, quantity FROM stock_quant
), per_lot AS (
    SELECT {KEY}, sum(qty) AS qty FROM flows
     WHERE product_id IN ({_STORABLE})
     GROUP BY {KEY}
), balance AS (
    SELECT *, sum(qty) OVER (PARTITION BY product_id, location_id, package_id, owner_id) AS total
      FROM per_lot
)
SELECT {WHERE} || ': quants differ from done lines by ' || trim_scale(k.qty)
  FROM balance k
 WHERE abs(k.qty) > {EPSILON}
   AND (abs(k.total) > {EPSILON} OR (k.lot_id IS NULL) = (k.qty > 0))
"""

_I2 = f"""
WITH promised AS (
    SELECT {KEY}, reserved_quantity AS qty FROM stock_quant
 UNION ALL
    SELECT l.product_id, l.location_id, l.lot_id, l.package_id, l.owner_id, -l.quantity_product_uom
      FROM stock_move_line l LEFT JOIN stock_move m ON m.id = l.move_id
     WHERE coalesce(l.state, 'draft') NOT IN ('done', 'cancel')
       AND (m.id IS NULL OR m.state NOT IN ('done', 'cancel'))
), balance AS (
    SELECT {KEY}, sum(qty) AS qty FROM promised
     WHERE location_id IN ({_INSIDE}) AND product_id IN ({_STORABLE})
     GROUP BY {KEY}
)
SELECT {WHERE} || ': reserved differs from open lines by ' || trim_scale(k.qty)
  FROM balance k WHERE abs(k.qty) > {EPSILON}
"""

_GROUPED = f"""
WITH balance AS (
    SELECT {KEY}, sum(quantity) AS quantity, sum(reserved_quantity) AS reserved, count(*) AS number
      FROM stock_quant WHERE location_id IN ({_INSIDE}) GROUP BY {KEY}
)
"""

_I3 = f"""{_GROUPED}
SELECT {WHERE} || ': ' || trim_scale(k.reserved) || ' reserved of ' || trim_scale(k.quantity)
  FROM balance k
 WHERE k.reserved > k.quantity + {EPSILON} AND k.product_id IN ({_STORABLE})
"""

_I4 = f"""{_GROUPED}
SELECT {WHERE} || ': ' || trim_scale(k.quantity) || ' on hand'
  FROM balance k WHERE k.quantity < -{EPSILON}
"""

_I5 = f"""{_GROUPED}
SELECT {WHERE} || ': ' || k.number || ' rows' FROM balance k WHERE k.number > 1
"""

_I6 = """
SELECT 'entry ' || coalesce(m.name, m.id::text) || ': debit - credit = ' || sum(l.debit - l.credit)
  FROM account_move m JOIN account_move_line l ON l.move_id = m.id
 WHERE m.state = 'posted'
 GROUP BY m.id, m.name HAVING sum(l.debit) <> sum(l.credit)
"""

# One unit holds `factor` reference units; conversion rounds to the two decimals of quantities.
_I7 = f"""
SELECT 'move ' || m.id || coalesce(' of ' || k.name, '') || ': ' || trim_scale(m.quantity)
       || ' but its lines hold ' || coalesce(trim_scale(sum(l.quantity_product_uom)), 0)
  FROM stock_move m
  JOIN uom_uom mu ON mu.id = m.product_uom
  JOIN product_product p ON p.id = m.product_id
  JOIN product_template t ON t.id = p.product_tmpl_id
  JOIN uom_uom pu ON pu.id = t.uom_id
  LEFT JOIN stock_move_line l ON l.move_id = m.id
  LEFT JOIN stock_picking k ON k.id = m.picking_id
 WHERE m.state = 'done'
 GROUP BY m.id, k.name, mu.factor, pu.factor, mu.id, pu.id
HAVING abs(m.quantity * mu.factor / pu.factor - coalesce(sum(l.quantity_product_uom), 0))
       > CASE WHEN mu.id = pu.id THEN {EPSILON} ELSE 0.011 * greatest(1, mu.factor / pu.factor) END
"""

_I8 = """
WITH products AS (
    SELECT p.id AS product_id, c.id AS company_id, pu.factor
      FROM product_product p
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom pu ON pu.id = t.uom_id
      JOIN product_category g ON g.id = t.categ_id
     CROSS JOIN res_company c
     WHERE t.is_storable AND NOT coalesce(t.lot_valuated, false)
       AND g.property_cost_method->>c.id::text = 'fifo'
       AND coalesce(g.property_valuation->>c.id::text, '') <> 'perpetual_move'
       AND NOT EXISTS (SELECT FROM product_value v JOIN stock_move m ON m.id = v.move_id
                        WHERE m.product_id = p.id)
), moves AS (
    SELECT m.product_id, m.company_id, m.id, m.date, m.value, m.is_in,
           m.quantity * u.factor / products.factor AS qty,
           bool_or(m.purchase_line_id IS NOT NULL)
               OVER (PARTITION BY m.product_id, m.company_id) AS billed
      FROM stock_move m
      JOIN uom_uom u ON u.id = m.product_uom
      JOIN products USING (product_id, company_id)
     WHERE m.state = 'done' AND (m.is_in OR m.is_out)
), totals AS (
    SELECT product_id, company_id,
           sum(CASE WHEN is_in THEN qty ELSE -qty END) AS on_hand,
           sum(CASE WHEN is_in THEN value ELSE -value END) AS value
      FROM moves WHERE NOT billed GROUP BY product_id, company_id
), stack AS (
    SELECT product_id, company_id, value, qty,
           sum(qty) OVER (PARTITION BY product_id, company_id ORDER BY date DESC, id DESC) - qty
               AS newer
      FROM moves WHERE is_in AND qty > 0
), left_over AS (
    SELECT t.product_id, t.company_id,
           sum(s.value * greatest(0, least(s.qty, t.on_hand - s.newer)) / s.qty) AS value
      FROM totals t JOIN stack s USING (product_id, company_id)
     GROUP BY t.product_id, t.company_id
)
SELECT 'product ' || t.product_id || ': value in - out = ' || round(t.value, 2)
       || ' but on hand is worth ' || round(coalesce(o.value, 0), 2)
  FROM totals t LEFT JOIN left_over o USING (product_id, company_id)
 WHERE t.on_hand >= 0 AND abs(t.value - coalesce(o.value, 0)) > 0.01
"""

CHECKS = (
    Check("I1", "quants = done move lines", _I1),
    Check("I2", "reserved = open move lines", _I2),
    Check("I3", "reserved <= on hand", _I3),
    Check("I4", "no negative stock", _I4),
    Check("I5", "one row per key", _I5),
    Check("I6", "debit = credit", _I6, needs=("account_move",)),
    Check("I7", "move = its lines", _I7),
    Check("I8", "value in - out = value on hand", _I8, needs=("product_value",)),
)
