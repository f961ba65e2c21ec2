"""Books checked by the ledger's invariants after every step."""

from odoo.addons.inventory_wms.tests.valuation_common import BooksCase
from odoo.exceptions import UserError

from tests.invariants.ledger import CHECKS


class LawfulBooks(BooksCase):
    def assertBooks(self):
        """Ledger = layers = quantities, and L1 to L8."""
        super().assertBooks()
        broken = [text for law in CHECKS for text in law.problems(self.env.cr)]
        self.assertFalse(broken)

    def refused(self, *words):
        """A refusal that says these words in this order."""
        return self.assertRaisesRegex(UserError, ".*".join(words))
