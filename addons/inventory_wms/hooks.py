"""What an uninstall must take along that Odoo does not know of."""

_DROP_FUNCTIONS = """
DO $$
DECLARE
    found regprocedure;
BEGIN
    FOR found IN SELECT oid::regprocedure FROM pg_proc
                  WHERE pronamespace = current_schema()::regnamespace
                    AND starts_with(proname, 'wms_')
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', found);
    END LOOP;
END
$$
"""


def uninstall_hook(env):
    """Drop the database functions behind our triggers, and give companies Odoo's own defaults.

    The defaults are written as an opening writes them: goods on hand do not stop an uninstall, and
    core keeps the defaults of categories in step.
    """
    env.cr.execute(_DROP_FUNCTIONS)
    companies = env["res.company"].with_context(active_test=False, wms_opening=True)
    for name, value in (("cost_method", "lifo"), ("inventory_valuation", "perpetual_move")):
        companies.search([(name, "=", value)]).write(companies.default_get([name]))
