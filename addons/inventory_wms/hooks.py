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
    """Drop the database functions behind our triggers, and with them the triggers."""
    env.cr.execute(_DROP_FUNCTIONS)
