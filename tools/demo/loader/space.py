"""The building: twelve aisles of thirteen bays on four levels, one dock, one block."""

DEMO_BINS = {"aisles": 12, "bays": 13, "levels": 4}


def build(env, pattern: dict):
    """Create the bins below the warehouse's stock location; return them in natural order."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    warehouse.out_type_id.reservation_method = "manual"
    names = [
        f"{aisle:02d}-{bay:02d}-{level}"
        for aisle in range(1, pattern["aisles"] + 1)
        for bay in range(1, pattern["bays"] + 1)
        for level in range(1, pattern["levels"] + 1)
    ]
    return env["stock.location"].create(
        [
            {"name": name, "location_id": warehouse.lot_stock_id.id, "usage": "internal"}
            for name in names
        ]
    )
