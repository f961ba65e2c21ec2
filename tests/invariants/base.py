"""One invariant: a code, a sentence, and SQL that returns one text per violation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """``sql`` selects a single text column, one row per violation.

    ``needs``: tables or ``table.column`` that must exist for the check to make sense.
    """

    code: str
    says: str
    sql: str
    needs: tuple[str, ...] = ()

    def applies(self, cr) -> bool:
        """Whether everything the check reads exists in this database."""
        for need in self.needs:
            table, _dot, column = need.partition(".")
            cr.execute(
                "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() "
                "AND table_name = %s AND (%s = '' OR column_name = %s) LIMIT 1",
                [table, column, column],
            )
            if not cr.fetchall():
                return False
        return True

    def problems(self, cr) -> list[str]:
        """The violations, as text."""
        cr.execute(self.sql)
        return [row[0] for row in cr.fetchall()]


# Text of a row `k` with product_id, location_id, lot_id, package_id: what and where.
WHERE = """
       (SELECT coalesce(p.default_code, t.name->>'en_US', 'product ' || k.product_id)
          FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
         WHERE p.id = k.product_id)
    || ' in ' || (SELECT complete_name FROM stock_location WHERE id = k.location_id)
    || coalesce(' lot ' || (SELECT name FROM stock_lot WHERE id = k.lot_id), '')
    || coalesce(' package ' || (SELECT name FROM stock_package WHERE id = k.package_id), '')
    || coalesce(' owner ' || k.owner_id, '')
"""
KEY = "product_id, location_id, lot_id, package_id, owner_id"
# Quantities are exact numerics of a few decimals; this only forgives unit conversion.
EPSILON = "0.00001"
