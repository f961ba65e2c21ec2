{
    "name": "Channel Connectors",
    "summary": "Orders in, stock out and shipments back, for marketplaces, spreadsheets and carriers",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Inventory WMS contributors",
    "license": "LGPL-3",
    "depends": ["inventory_wms", "stock_delivery"],
    "data": [
        "security/channel_connectors_groups.xml",
        "security/ir.model.access.csv",
    ],
}
