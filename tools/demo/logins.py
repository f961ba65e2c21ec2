"""Who can sign in to the demo: known to the loader, to the play and to the printed welcome."""

from dataclasses import dataclass

WORKERS = ("ana", "ben", "chloe", "dan")
LEAD = "lena"
CHIEF = "clara"


@dataclass(frozen=True)
class Login:
    """One person: shown name, XML ids of groups, the role's name and what it is for."""

    name: str
    groups: tuple[str, ...]
    role: str
    purpose: str


STAFF = {
    **{
        login: Login(
            login.capitalize(),
            ("base.group_portal", "inventory_wms.group_worker"),
            "worker",
            "the scanner, nothing else",
        )
        for login in WORKERS
    },
    "lena": Login(
        "Lena Lead",
        ("base.group_user", "inventory_wms.group_lead"),
        "lead",
        "waves, bins, devices, the record of commands",
    ),
    "mark": Login(
        "Mark Manager",
        ("base.group_user", "inventory_wms.group_manager"),
        "manager",
        "the whole warehouse and its settings",
    ),
    "alice": Login(
        "Alice Accountant",
        (
            "base.group_user",
            "inventory_wms.group_accountant",
            "sales_team.group_sale_salesman_all_leads",  # to invoice orders
        ),
        "accountant",
        "cost layers, entries, bills, invoices",
    ),
    "clara": Login(
        "Clara Chief Accountant",
        (
            "base.group_user",
            "account.group_account_manager",
            "inventory_wms.group_accountant",
            "inventory_wms.group_stock_account_entries",
            "inventory_wms.group_close_anyway",
        ),
        "chief accountant",
        "approves write-offs, closes periods",
    ),
    "carl": Login(
        "Carl Channel Manager",
        ("base.group_user", "channel_connectors.group_manager"),
        "channel manager",
        "orders from files and shops, their problems",
    ),
}


def password(login: str) -> str:
    """The password of a login: known to every reader of this file, so never serve it in public."""
    return "admin" if login == "admin" else f"{login}-demo"
