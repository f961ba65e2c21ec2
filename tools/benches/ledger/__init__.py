"""The costing bench's parts that run inside Odoo, and the call that brings them there."""

from tools.benches import odoo_shell


def inside(database: str, function: str, **wishes) -> dict:
    """Call ``module:function(env, **wishes)`` of this package in ``odoo shell``; its result."""
    return odoo_shell.call(database, f"{__name__}.{function}", **wishes)
