"""The company's books: pounds, the generic chart of accounts, two costed product categories."""

from .people import COMPANY

CATEGORIES = {"fifo": ("Gifts (FIFO)", "fifo"), "average": ("Gifts (average)", "average")}


def prepare(env) -> dict:
    """Name the company, switch valuation on; return the product categories by costing."""
    pounds = env.ref("base.GBP")
    pounds.active = True
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    company.write({"name": COMPANY, "currency_id": pounds.id})
    return {
        costing: env["product.category"].create(
            {
                "name": name,
                "property_cost_method": method,
                "property_valuation": "real_time",
            }
        )
        for costing, (name, method) in CATEGORIES.items()
    }
