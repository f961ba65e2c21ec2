"""The day's figures as people read them, and as one JSON object."""

from tools.demo.findings import Problem


def table(found: dict, wrong: list[Problem]) -> str:
    """The summary printed at the end: one line per figure, a tick or what is wrong."""
    bad = {problem.figure for problem in wrong}
    rows = [
        ("orders", "Orders", f"{found['orders']}, of them shipped {found['orders_shipped']}"),
        ("lines", "Order lines", f"{found['lines']:,} ({found['units']:,} units)"),
        ("waves", "Waves", f"{found['waves']} with {found['stops']} stops, {_short(found)}"),
        ("metres", "Metres walked", _walk(found)),
        (
            "known_commands",
            "Commands",
            f"{found['commands']:,}; {found['lost_answers']} answers lost on the way, "
            f"{found['replays']} replays changed nothing",
        ),
        (
            "replays",
            "Answer to a scan",
            f"{found['scan_p50_ms']} ms (median), 95 % "
            f"within {found['scan_p95_ms']} ms, {found['pickers']} pickers at once",
        ),
        (
            "journal_entries",
            "Journal entries",
            f"{found['journal_entries']} with {found['journal_lines']:,} lines",
        ),
        (
            "stock_value",
            "Stock = ledger",
            f"{_money(found['stock_value'])} = {_money(found['ledger_value'])}",
        ),
        (
            "grni_worst",
            "GRNI, billed orders",
            f"{_money(found['grni_billed'])} over {found['billed_orders']} orders "
            f"(not billed yet: {_money(-found['grni_open'])}, {found['open_orders']} order)",
        ),
        (
            "deliveries_without_receipts",
            "Costs to receipts",
            f"{found['deliveries_costed']} deliveries list {found['receipts_listed']} receipts, "
            f"{found['deliveries_of_two_costs']} of them two",
        ),
        ("orders_not_invoiced", "Invoices posted", str(found["invoices_posted"])),
        ("violations", "Invariants", _invariants(found)),
        ("seconds", "Seconds", str(found["seconds"])),
    ]
    lines = [
        f"  {'!!' if figure in bad else 'ok'}  {name:<20} {text}" for figure, name, text in rows
    ]
    lines += [f"  !!  {problem.figure}: {problem.text}" for problem in wrong]
    return "\n".join(["", *lines, ""])


def as_json(found: dict, wrong: list[Problem], commit: str) -> dict:
    """The object of the last line with `--json`; figures are numbers only."""
    figures = {name: value for name, value in found.items() if isinstance(value, int | float)}
    reference = {name: figures.pop(name) for name in ("metres_line_order", "metres_by_name")}
    figures["violations_by"] = found["invariants"]
    return {
        "name": "demo",
        "ok": not wrong,
        "figures": figures,
        "reference": reference,
        "problems": [f"{problem.figure}: {problem.text}" for problem in wrong],
        "commit": commit,
    }


def _walk(found: dict) -> str:
    plain, named = found["metres_line_order"], found["metres_by_name"]
    ratio = found["metres"] / plain if plain else 0
    return (
        f"{found['metres']:,.0f}; the same stops in Odoo's order of lines {plain:,.0f} "
        f"(ratio {ratio:.2f}), by bin name {named:,.0f}"
    )


def _short(found: dict) -> str:
    return f"{found['short_picks']} short, {found['backorders']} backorders left"


def _invariants(found: dict) -> str:
    codes = ", ".join(found["invariants"])
    return f"{len(found['invariants'])} checked ({codes}), {found['violations']} violations"


def _money(amount: float) -> str:
    return f"{amount:,.2f}"
