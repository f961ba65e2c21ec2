"""The building: twelve aisles of 26 bays on two levels in one block, and a dock in front."""

from odoo.addons.inventory_wms.engine.bin_pattern import Grid

PATTERN = "{aisle:02}-{bay:02}-{level}"
DEMO_BINS = {"aisle": "1-12", "bay": "1-26", "level": "A-B"}
GRID = Grid(aisle_pitch=3.5, bay_pitch=1.5, two_sided=True)


def build(env, ranges: dict):
    """Generate the bins below the warehouse's stock location; return them in natural order."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    # Waves reserve when they are released, not orders when they are confirmed.
    warehouse.out_type_id.reservation_method = "manual"
    env["stock.location"].create(
        {
            "name": "Dock 1",
            "location_id": warehouse.view_location_id.id,
            "usage": "internal",
            "wms_kind": "dock",
            "wms_x": GRID.x,
            "wms_y": GRID.y,
        }
    )
    env["wms.cart"].create(
        {"name": "Cart 1", "rows": 3, "columns": 4, "warehouse_id": warehouse.id}
    )
    return env["wms.bins"]._generate(PATTERN, ranges, warehouse.lot_stock_id, GRID, "Shelves")
