"""The uninstall check: our add-ons leave the database as if they had never been there.

One copy of the dependency template never sees them. In another they are installed, used for
nothing and uninstalled through the ORM. Then both schemas must be equal, and a receipt and a
delivery must still work in the second.
"""

from tools import databases, odoo_process
from tools.console import Fail, step
from tools.outcomes import Outcome

_QUERIES = {
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
               || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
           AND a.attnum > 0 AND NOT a.attisdropped""",
    "table": """
        SELECT relname, relkind::text FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'S')""",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": """
        SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
          FROM pg_trigger WHERE NOT tgisinternal""",
    "function": """
        SELECT p.oid::regprocedure::text, md5(p.prosrc) FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace""",
    "record of ours": """
        SELECT module || '.' || name, model FROM ir_model_data
         WHERE module IN ('inventory_wms', 'wms_barcode', 'channel_connectors')""",
}

# Odoo declares this relation on two models with different rules; which one the database has
# depends on the model that was set up last, with or without our add-ons.
_WAVERS = ("rule_group_rel.rule_group_rel_group_id_fkey",)

_UNINSTALL = """
modules = env["ir.module.module"].search([("name", "in", arguments), ("state", "=", "installed")])
modules.button_immediate_uninstall()
"""

_USE_STOCK = """
product = env["product.product"].create({"name": "After", "type": "consu", "is_storable": True})
warehouse = env["stock.warehouse"].search([], limit=1)
supplier = env.ref("stock.stock_location_suppliers")
customer = env.ref("stock.stock_location_customers")
for kind, source, target in (
    (warehouse.in_type_id, supplier, warehouse.lot_stock_id),
    (warehouse.out_type_id, warehouse.lot_stock_id, customer),
):
    picking = env["stock.picking"].create({
        "picking_type_id": kind.id, "location_id": source.id, "location_dest_id": target.id,
        "move_ids": [(0, 0, {
            "product_id": product.id, "product_uom_qty": 5,
            "location_id": source.id, "location_dest_id": target.id,
        })],
    })
    picking.action_confirm()
    picking.action_assign()
    picking.move_ids.quantity = 5
    picking.move_ids.picked = True
    picking.button_validate()
    assert picking.state == "done", picking.state
    env.flush_all()
quantity = sum(env["stock.quant"].search([
    ("product_id", "=", product.id), ("location_id", "child_of", warehouse.lot_stock_id.id),
]).mapped("quantity"))
assert quantity == 0, quantity
print("stock works")
"""


def schema(database: str) -> dict[str, dict[str, str]]:
    """Tables, columns, constraints, indexes, triggers and functions with their definitions."""
    connection = databases.connect(database)
    try:
        with connection.cursor() as cursor:
            found = {}
            for kind, query in _QUERIES.items():
                cursor.execute(query)
                found[kind] = dict(cursor.fetchall())
            return found
    finally:
        connection.close()


def differences(before: dict, after: dict) -> list[str]:
    """What the second schema has more, less or otherwise, one line each."""
    lines = []
    for kind, wanted in before.items():
        got = after[kind]
        lines += [
            f"left behind: {kind} {name} {got[name]}" for name in sorted(set(got) - set(wanted))
        ]
        lines += [f"lost: {kind} {name} {wanted[name]}" for name in sorted(set(wanted) - set(got))]
        lines += [
            f"changed: {kind} {name}: {wanted[name]} -> {got[name]}"
            for name in sorted(set(wanted) & set(got))
            if wanted[name] != got[name] and name not in _WAVERS
        ]
    return lines


def check() -> Outcome:
    """Uninstall in a copy, compare, use stock; three tests in the summary."""
    outcome = Outcome()
    name = databases.scratch_name("uninstall")
    with step("uninstall: our add-ons leave nothing behind and stock still works"):
        before = schema(databases.dependency_template())
        try:
            databases.copy(databases.suite_template(), name, durable=False)
            for title, action in (
                ("uninstall", lambda: odoo_process.script(name, _UNINSTALL, *databases.OURS)),
                ("schema as before", lambda: _same(before, schema(name))),
                ("stock works", lambda: odoo_process.script(name, _USE_STOCK)),
            ):
                _attempt(outcome, title, action)
        finally:
            databases.drop(name)
    return outcome


def _same(before: dict, after: dict) -> None:
    lines = differences(before, after)
    if lines:
        raise Fail(f"{len(lines)} differences\n" + "\n".join(lines[:40]))


def _attempt(outcome: Outcome, title: str, action) -> None:
    try:
        action()
    except Fail as error:
        outcome.failed += 1
        print(f"FAILED uninstall check, {title}: {error.what}")
    else:
        outcome.passed += 1
