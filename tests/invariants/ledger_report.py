"""L11 and L12: the accountant's stock ledger (``wms.stock.ledger``) says what the books hold.

L11  the report's changes of a pool add up to its total, in units and in value.
L12  its value at the end of any day = the stock account on that day. Before goods were taken over
     from Odoo's costing (an opening) only entries of stock events count: the rest was not ours.
"""

import runpy
from pathlib import Path

from tests.invariants.base import EPSILON, Check
from tests.invariants.ledger import _CENT, _COSTED, _NAME

# The report's own statement, not a copy of it: the file holds nothing else and needs no Odoo.
_FILE = Path(__file__).parents[2] / "addons/inventory_wms/models/books/stock_ledger_rows.py"
_ROWS = runpy.run_path(str(_FILE))["ROWS"]

_L11 = f"""
WITH report AS (
    SELECT total_id, sum(qty) AS qty, sum(value) AS value FROM ({_ROWS}) rows GROUP BY total_id
)
SELECT {_NAME} || ': its stock ledger adds up to ' || coalesce(report.qty, 0) || ' for '
       || coalesce(report.value, 0) || ', its total is ' || k.qty || ' for ' || k.value
  FROM wms_cost_total k LEFT JOIN report ON report.total_id = k.id
 WHERE abs(coalesce(report.value, 0) - k.value) > {_CENT}
    OR abs(coalesce(report.qty, 0) - k.qty) > {EPSILON}
"""

# what is collected for the entry of its day (one entry per day) counts as posted
_L12 = f"""
WITH costed AS ({_COSTED}), places AS (
    SELECT id, company_id, wms_stock_account_id AS stock FROM stock_location
     WHERE wms_stock_account_id IS NOT NULL AND company_id IS NOT NULL
), accounts AS (
    SELECT company_id, stock FROM costed UNION SELECT company_id, stock FROM places
), opened AS (
    SELECT company_id, max(date) AS day FROM wms_cost_posting
     WHERE key LIKE 'opening:%' AND state <> 'pending' GROUP BY company_id
), ledger AS (
    SELECT l.company_id, l.account_id, l.date AS day, l.balance AS value,
           CASE WHEN EXISTS (SELECT 1 FROM wms_cost_posting p WHERE p.account_move_id = l.move_id)
                THEN l.balance ELSE 0 END AS ours
      FROM account_move_line l
     WHERE l.parent_state = 'posted'
       AND (l.company_id, l.account_id) IN (SELECT company_id, stock FROM accounts)
       AND (l.product_id IS NULL
            OR (l.company_id, l.product_id) IN (SELECT company_id, product_id FROM costed))
 UNION ALL
    SELECT p.company_id, (line->>'account_id')::int, p.date, (line->>'balance')::numeric,
           (line->>'balance')::numeric
      FROM wms_cost_posting p, jsonb_array_elements(p.lines) line
     WHERE p.state = 'collected'
       AND (p.company_id, (line->>'account_id')::int) IN (SELECT company_id, stock FROM accounts)
), report AS (
    SELECT total.company_id, coalesce(places.stock, costed.stock) AS account_id,
           coalesce(posting.date, rows.event_time::date) AS day, rows.value
      FROM ({_ROWS}) rows
      JOIN wms_cost_total total ON total.id = rows.total_id
      JOIN costed ON costed.company_id = total.company_id AND costed.product_id = total.product_id
      LEFT JOIN places ON places.id = total.place_id
      LEFT JOIN wms_cost_posting posting ON posting.id = rows.posting_id
), days AS (
    SELECT company_id, account_id, day, sum(value) AS ledger, sum(ours) AS ours, 0 AS goods
      FROM ledger GROUP BY 1, 2, 3
 UNION ALL
    SELECT company_id, account_id, day, 0, 0, sum(value) FROM report GROUP BY 1, 2, 3
), balances AS (
    SELECT company_id, account_id, day, sum(sum(ledger)) OVER book AS ledger,
           sum(sum(ours)) OVER book AS ours, sum(sum(goods)) OVER book AS goods
      FROM days GROUP BY 1, 2, 3
    WINDOW book AS (PARTITION BY company_id, account_id ORDER BY day)
)
SELECT 'account ' || (SELECT name->>'en_US' FROM account_account a WHERE a.id = account_id)
       || ' on ' || balances.day || ': ledger '
       || CASE WHEN balances.day >= coalesce(opened.day, '-infinity') THEN ledger ELSE ours END
       || ', stock ledger ' || goods
  FROM balances LEFT JOIN opened USING (company_id)
 WHERE abs(goods - CASE WHEN balances.day >= coalesce(opened.day, '-infinity')
                        THEN ledger ELSE ours END) > {_CENT}
"""

_TABLES = ("wms_cost_layer", "wms_cost_total", "wms_cost_posting", "wms_cost_adjustment")

CHECKS = [
    Check("L11", "the stock ledger adds up to the totals", _L11, _TABLES),
    Check("L12", "the stock ledger = the stock account, on any day", _L12, _TABLES),
]
