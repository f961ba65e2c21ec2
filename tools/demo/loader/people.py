"""Who works here: a login per role, vendors, customers and carriers."""

from odoo import Command

COMPANY = "Lavender & Slate Gifts"
WORKERS = ("ana", "ben", "chloe", "dan")
#: login -> (name, groups); the password is the login followed by "-demo"
STAFF = {
    **{
        login: (login.capitalize(), ("base.group_portal", "inventory_wms.group_worker"))
        for login in WORKERS
    },
    "lena": ("Lena Lead", ("base.group_user", "inventory_wms.group_lead")),
    "mark": ("Mark Manager", ("base.group_user", "inventory_wms.group_manager")),
    "alice": ("Alice Accountant", ("base.group_user", "inventory_wms.group_accountant")),
    "carl": ("Carl Channel Manager", ("base.group_user", "channel_connectors.group_manager")),
}
CARRIERS = {"Parcel": 0.0, "Freight": 0.0}


def password(login: str) -> str:
    """The password of a login: known to every reader of this file, so never serve it in public."""
    return f"{login}-demo"


def create(env, tables: dict) -> dict:
    """Create everybody; return partners by name (vendors and customers)."""
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": name,
                "login": login,
                "password": password(login),
                "email": f"{login}@demo.invalid",
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
            for login, (name, groups) in STAFF.items()
            if all(env.ref(group, raise_if_not_found=False) for group in groups)
        ]
    )
    _carriers(env)
    vendors = sorted({row["vendor"] for row in tables["receipts"]})
    customers = sorted({row["customer"] for row in tables["orders_full_day"]})
    partners = env["res.partner"].create(
        [{"name": name, "is_company": True, "supplier_rank": 1} for name in vendors]
        + [{"name": name, "is_company": True, "customer_rank": 1} for name in customers]
    )
    return {partner.name: partner for partner in partners}


def _carriers(env) -> None:
    if "delivery.carrier" not in env:
        return
    product = env["product.product"].create({"name": "Carriage", "type": "service"})
    env["delivery.carrier"].create(
        [
            {"name": name, "product_id": product.id, "fixed_price": price, "delivery_type": "fixed"}
            for name, price in CARRIERS.items()
        ]
    )
