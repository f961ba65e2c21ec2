"""Who works here: a login per role, vendors, customers and carriers."""

from odoo import Command

from tools.demo.logins import LEAD, STAFF, WORKERS, password

COMPANY = "Lavender & Slate Gifts"
CARRIERS = ("Parcel", "Freight")


def create(env, tables: dict) -> dict:
    """Create everybody, their devices and their channel; return the partners by name."""
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": person.name,
                "login": login,
                "password": password(login),
                "email": f"{login}@demo.invalid",
                "group_ids": [Command.set([env.ref(group).id for group in person.groups])],
            }
            for login, person in STAFF.items()
        ]
    )
    _carriers(env)
    env["wms.device"].create([{"name": f"Scanner {login}"} for login in (*WORKERS, LEAD)])
    env["channel.account"].create({"name": "Order files", "kind": "spreadsheet"})
    vendors = sorted({row["vendor"] for row in tables["receipts"]})
    customers = sorted({row["customer"] for row in tables["orders_full_day"]})
    partners = env["res.partner"].create(
        [{"name": name, "is_company": True, "supplier_rank": 1} for name in vendors]
        + [{"name": name, "is_company": True, "customer_rank": 1} for name in customers]
    )
    return {partner.name: partner for partner in partners}


def _carriers(env) -> None:
    product = env["product.product"].create({"name": "Carriage", "type": "service"})
    env["delivery.carrier"].create(
        [
            {"name": name, "product_id": product.id, "fixed_price": 0.0, "delivery_type": "fixed"}
            for name in CARRIERS
        ]
    )
