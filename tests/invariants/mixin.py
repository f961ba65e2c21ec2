"""For Odoo test classes: the invariants are checked after every test."""

from tests.invariants import check, explain


class InvariantsMixin:
    """Put it before the Odoo test class: ``class TestDay(InvariantsMixin, WmsCase)``.

    ``self.assertInvariants()`` may also be called between two steps.
    """

    def tearDown(self):
        """Check what the test leaves behind, before it is rolled back."""
        self.assertInvariants()
        super().tearDown()

    def assertInvariants(self):
        """Fail with product, bin and document of everything that is broken."""
        self.env.cr.flush()  # with what a commit would do first: post the books
        if any(check(self.env.cr).values()):
            self.fail("invariants are broken:\n" + "\n".join(explain(self.env.cr)))
