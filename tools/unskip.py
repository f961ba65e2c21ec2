"""pytest plugin of ``./wms test --odoo``: tests that Odoo switched off run all the same.

Most tests of bills, landed costs and dropshipping carry a skip of this reason in Odoo 19. Run with
and without our add-ons they still tell whether ours change anything.
"""

import unittest

SWITCHED_OFF = "Temporary to fast merge new valuation"
_SKIP = unittest.skip


def _skip(reason):
    return (lambda test: test) if reason == SWITCHED_OFF else _SKIP(reason)


unittest.skip = _skip
