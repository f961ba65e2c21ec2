"""The company's books: pounds, the generic chart of accounts, two costed product categories."""

from .people import COMPANY

CATEGORIES = {"fifo": ("Gifts (FIFO)", "fifo"), "average": ("Gifts (average)", "average")}


def prepare(env) -> dict:
    """Name the company and let stock post at the movement; return the categories by costing."""
    pounds = env.ref("base.GBP")
    pounds.active = True
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    company.write({"name": COMPANY, "currency_id": pounds.id, "wms_controlled_stock": True})
    env["wms.valuation"]._setup_company(company)
    return {
        costing: env["product.category"].create(
            {
                "name": name,
                "property_cost_method": method,
                "property_valuation": "perpetual_move",
            }
        )
        for costing, (name, method) in CATEGORIES.items()
    }
