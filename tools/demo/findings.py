"""What the day left behind: figures read from the database, and what of it must not be.

Only reads. `day` is what the people saw over HTTP; everything else comes from the tables, so that
an answer that is not true shows as a difference.
"""

from dataclasses import dataclass

from tests import invariants

_ACCOUNTS = """
    SELECT id FROM account_account WHERE id IN (
        SELECT {company} FROM res_company
        UNION
        SELECT found.value::int FROM product_category,
               jsonb_each_text({category}) AS found WHERE found.value IS NOT NULL)
"""
_STOCK = _ACCOUNTS.format(
    company="account_stock_valuation_id", category="property_stock_valuation_account_id"
)
_GRNI = _ACCOUNTS.format(company="wms_grni_account_id", category="wms_grni_account_id")

# Receipts by the transfer's posting, bills by their own lines; one row per purchase order.
_GRNI_BY_ORDER = f"""
    WITH entries AS (
        SELECT source.order_id, line.balance
          FROM account_move_line line
          JOIN wms_cost_posting posting ON posting.account_move_id = line.move_id
          JOIN (SELECT DISTINCT move.picking_id, bought.order_id
                  FROM stock_move move
                  JOIN purchase_order_line bought ON bought.id = move.purchase_line_id) source
            ON source.picking_id = posting.picking_id
         WHERE line.parent_state = 'posted' AND line.account_id IN ({_GRNI})
        UNION ALL
        SELECT bought.order_id, line.balance
          FROM account_move_line line
          JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
         WHERE line.parent_state = 'posted' AND line.account_id IN ({_GRNI})),
    orders AS (
        SELECT order_id, bool_and(qty_invoiced >= qty_received) AS billed
          FROM purchase_order_line GROUP BY order_id)
    SELECT count(DISTINCT order_id), coalesce(sum(balance), 0), coalesce(max(abs(of_order)), 0)
      FROM (SELECT order_id, balance, sum(balance) OVER (PARTITION BY order_id) AS of_order
              FROM entries JOIN orders USING (order_id) WHERE billed = %s) found
"""

_FIGURES = {
    "orders": "SELECT count(*) FROM sale_order WHERE state = 'sale'",
    "lines": "SELECT count(*) FROM sale_order_line WHERE state = 'sale' AND product_uom_qty > 0",
    "units": "SELECT coalesce(sum(product_uom_qty), 0) FROM sale_order_line WHERE state = 'sale'",
    "orders_shipped": """
        SELECT count(DISTINCT line.order_id) FROM stock_move move
          JOIN sale_order_line line ON line.id = move.sale_line_id WHERE move.state = 'done'
    """,
    "backorders": """
        SELECT count(*) FROM stock_picking
         WHERE state NOT IN ('done', 'cancel') AND backorder_id IS NOT NULL
    """,
    "invoices_posted": """
        SELECT count(*) FROM account_move WHERE move_type = 'out_invoice' AND state = 'posted'
    """,
    "orders_not_invoiced": "SELECT count(*) FROM sale_order WHERE invoice_status = 'to invoice'",
    "waves": "SELECT count(DISTINCT batch_id) FROM wms_task",
    "stops": "SELECT count(*) FROM wms_task WHERE state <> 'cancelled'",
    "entries_pending": "SELECT count(*) FROM wms_cost_posting WHERE state = 'pending'",
    "commands": "SELECT count(*) FROM wms_command WHERE seq > 0",
    "refused": """
        SELECT count(*) FROM wms_command WHERE status <> 'applied' AND code <> 'nothing_to_do'
    """,
    "journal_entries": "SELECT count(*) FROM account_move WHERE state = 'posted'",
    "journal_lines": "SELECT count(*) FROM account_move_line WHERE parent_state = 'posted'",
    "stock_value": "SELECT coalesce(sum(value), 0) FROM wms_cost_total",
    "ledger_value": f"""
        SELECT coalesce(sum(balance), 0) FROM account_move_line
         WHERE parent_state = 'posted' AND account_id IN ({_STOCK})
    """,
    "deliveries_costed": """
        SELECT count(DISTINCT move.id) FROM stock_move move
          JOIN wms_cost_consumption used ON used.move_id = move.id
         WHERE move.sale_line_id IS NOT NULL
    """,
    "receipts_listed": """
        SELECT count(*) FROM wms_cost_consumption used
          JOIN wms_cost_layer layer ON layer.id = used.layer_id
         WHERE layer.picking_id IS NOT NULL
    """,
    "deliveries_of_two_costs": """
        SELECT count(*) FROM (SELECT move_id FROM wms_cost_consumption
                               GROUP BY move_id HAVING count(DISTINCT layer_id) > 1) two
    """,
    "deliveries_without_receipts": """
        SELECT count(*) FROM stock_move move
          LEFT JOIN (SELECT used.move_id, sum(used.qty) AS qty FROM wms_cost_consumption used
                       JOIN wms_cost_layer layer ON layer.id = used.layer_id
                      WHERE layer.picking_id IS NOT NULL GROUP BY used.move_id) traced
            ON traced.move_id = move.id
         WHERE move.sale_line_id IS NOT NULL AND move.state = 'done'
           AND coalesce(traced.qty, 0) <> move.quantity
    """,
    "cost_of_goods": "SELECT coalesce(sum(value), 0) FROM wms_cost_consumption",
}


@dataclass(frozen=True)
class Problem:
    """Something that must not be: the figure and what is wrong with it."""

    figure: str
    text: str


def collect(cursor, day: dict) -> dict:
    """All figures of the day as one flat dictionary of numbers, and `invariants` by code.

    :param cursor: of a psycopg2 connection to the played database
    :param day: `pickers`, `invoices` and `walk`, see `play`
    """
    found = {name: _number(cursor, query) for name, query in _FIGURES.items()}
    found["billed_orders"], found["grni_billed"], found["grni_worst"] = _grni(cursor, True)
    found["open_orders"], found["grni_open"], _worst = _grni(cursor, False)
    pickers = day["pickers"]
    found["pickers"] = len(pickers)
    found["replays"] = sum(picker.device.replayed for picker in pickers)
    found["lost_answers"] = sum(picker.device.unknown for picker in pickers)
    found["known_commands"] = sum(picker.device.seq for picker in pickers) + day["desk"].seq
    found["short_picks"] = sum(picker.short_picks for picker in pickers)
    found |= day["walk"]
    seconds = sorted(second for picker in pickers for second in picker.device.seconds)
    found["scan_p50_ms"] = round(1000 * seconds[len(seconds) // 2])
    found["scan_p95_ms"] = round(1000 * seconds[len(seconds) * 95 // 100])
    found["invariants"] = invariants.check(cursor)
    found["violations"] = sum(found["invariants"].values())
    found["explained"] = invariants.explain(cursor)
    return found


def problems(found: dict) -> list[Problem]:
    """What does not hold; empty after a good day."""
    zero = {
        "orders_not_invoiced": "orders were shipped and not invoiced",
        "deliveries_without_receipts": "deliveries do not list the receipts of all their units",
        "grni_worst": "is left in GRNI for a fully billed order",
        "violations": "violations of invariants",
        "refused": "commands were refused",
        "entries_pending": "movements are not posted yet",
    }
    equal = {
        ("stock_value", "ledger_value"): "stock value and ledger differ",
        ("orders", "orders_shipped"): "not every order was shipped",
        ("known_commands", "commands"): "commands sent and commands recorded differ",
    }
    positive = (
        "orders",
        "lines",
        "receipts_listed",
        "replays",
        "lost_answers",
        "billed_orders",
        "metres",
    )
    wrong = [Problem(name, f"{found[name]} {text}") for name, text in zero.items() if found[name]]
    wrong += [
        Problem(one, f"{text}: {found[one]} and {found[other]}")
        for (one, other), text in equal.items()
        if found[one] != found[other]
    ]
    wrong += [Problem(name, "nothing happened") for name in positive if not found[name] > 0]
    if found["metres"] >= found["metres_line_order"]:
        wrong.append(Problem("metres", "the walk is not shorter than in Odoo's order of lines"))
    wrong += [Problem("violations", text) for text in found["explained"]]
    return wrong


def _grni(cursor, billed: bool) -> tuple[int, float, float]:
    cursor.execute(_GRNI_BY_ORDER, [billed])
    orders, balance, worst = cursor.fetchone()
    return orders, round(float(balance), 2), round(float(worst), 2)


def _number(cursor, query: str) -> int | float:
    cursor.execute(query)
    value = cursor.fetchone()[0]
    return int(value) if value == int(value) else round(float(value), 2)
