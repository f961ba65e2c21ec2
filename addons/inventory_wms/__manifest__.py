{
    "name": "Inventory WMS",
    "summary": "Bins, directed work, cost layers and stock moves that post to the ledger",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Inventory WMS contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "stock_account",
        "purchase_stock",
        "sale_stock",
        "stock_picking_batch",
        "stock_landed_costs",
        "product_expiry",
    ],
    "data": [
        "security/inventory_wms_groups.xml",
        "security/ir.model.access.csv",
        "views/wms_menus.xml",
    ],
}
