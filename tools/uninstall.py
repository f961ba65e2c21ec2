"""The uninstall check: our add-ons leave the database as if they had never been there.

One copy of the dependency template never sees them. In another they are installed, keep the
books of two companies and are uninstalled through the ORM. Then both schemas must be equal, the
ledger must be whole, and a receipt and a delivery must still work in the second, also of goods
that we had costed.
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
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'S')
           AND relname !~ '^ir_sequence_[0-9]+$' -- counters of the companies' own documents""",
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

_KEEP_BOOKS = """
companies = env["res.company"].search([], limit=1) + env["res.company"].create({"name": "Second"})
for company, method in zip(companies, ("lifo", "average")):
    env = env(context={**env.context, "allowed_company_ids": [company.id]})
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    env["wms.valuation"]._setup_company(company)
    company = company.with_env(env)
    company.write({"cost_method": method, "inventory_valuation": "perpetual_move"})
    category = env["product.category"].create({
        "name": "Costed " + method, "property_cost_method": method,
        "property_valuation": "perpetual_move",
    })
    product = env["product.product"].create({
        "name": "Costed " + method, "is_storable": True, "categ_id": category.id,
        "standard_price": 4, "default_code": "costed-" + method,
    })
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    if not warehouse:
        values = {"name": "Second", "code": "SEC", "company_id": company.id}
        warehouse = env["stock.warehouse"].create(values)
    quant = env["stock.quant"].with_context(inventory_mode=True).create({
        "product_id": product.id, "location_id": warehouse.lot_stock_id.id,
        "inventory_quantity": 12,
    })
    quant.action_apply_inventory()
    env.cr.commit()
    entries = env["account.move.line"].search([("product_id", "=", product.id)])
    assert sum(entries.mapped("debit")) == 48, entries.mapped("debit")
print("books kept")
"""

_UNINSTALL = """
modules = env["ir.module.module"].search([("name", "in", arguments), ("state", "=", "installed")])
modules.button_immediate_uninstall()
"""

_USE_STOCK = """
after = env["product.product"].create({"name": "After", "type": "consu", "is_storable": True})
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
            "product_id": after.id, "product_uom_qty": 5,
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
costed = env["product.product"].search([("default_code", "=like", "costed-%")])
assert len(costed) == 2, costed
for product in costed:
    lines = env["account.move.line"].search([("product_id", "=", product.id)])
    assert sum(lines.mapped("debit")) == 48, lines.mapped("debit")
    company = lines.company_id
    product = product.with_company(company)
    assert product.categ_id.property_valuation in (False, "periodic", "real_time")
    assert product.valuation in ("periodic", "real_time"), product.valuation
    assert product.cost_method in ("standard", "fifo", "average"), product.cost_method
    assert product.qty_available == 12, product.qty_available
    quant = env["stock.quant"].with_company(company).search([
        ("product_id", "=", product.id), ("location_id.usage", "=", "internal"),
    ]).with_context(inventory_mode=True)
    quant.inventory_quantity = 10
    quant.action_apply_inventory()
    assert product.qty_available == 10, product.qty_available
quantity = sum(env["stock.quant"].search([
    ("product_id", "=", after.id), ("location_id", "child_of", warehouse.lot_stock_id.id),
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
    """Uninstall in a copy, compare, use stock; four tests in the summary."""
    outcome = Outcome()
    name = databases.scratch_name("uninstall")
    with step("uninstall: our add-ons leave nothing behind and stock still works"):
        before = schema(databases.dependency_template())
        try:
            databases.copy(databases.suite_template(), name, durable=False)
            for title, action in (
                ("books of two companies", lambda: odoo_process.script(name, _KEEP_BOOKS)),
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
