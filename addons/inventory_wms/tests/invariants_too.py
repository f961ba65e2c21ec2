"""Checks the project's ledger invariants with every look at the books, where they are at hand."""

try:
    from tests.invariants import check, explain
except ImportError:  # the add-on runs without the repository around it
    check = explain = None


class InvariantsToo:
    """Put it before :class:`BooksCase`; ``assertBooks`` then checks L1 to L12 as well."""

    def assertBooks(self):
        super().assertBooks()
        self.assertInvariants()

    def assertInvariants(self):
        """L1 to L12 hold."""
        if check is None:
            return
        self.env.flush_all()
        broken = {code for code, count in check(self.env.cr).items() if count and code[0] == "L"}
        self.assertFalse(broken, explain(self.env.cr) if broken else "")
