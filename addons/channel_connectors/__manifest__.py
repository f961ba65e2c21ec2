{
    "name": "Channel Connectors",
    "summary": "Orders in, stock out and shipments back: marketplaces, spreadsheets, carriers",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Inventory WMS contributors",
    "license": "LGPL-3",
    "depends": ["inventory_wms", "stock_delivery"],
    "data": [
        "security/channel_connectors_groups.xml",
        "security/ir.model.access.csv",
        "security/channel_connectors_security.xml",
        "data/channel_inbox_cron.xml",
        "views/channel_menus.xml",
        "views/channel_account_views.xml",
        "wizard/channel_order_import_views.xml",
        "views/channel_order_views.xml",
        "views/channel_inbox_views.xml",
        "views/channel_problem_views.xml",
    ],
    "demo": [
        "demo/channel_account_demo.xml",
    ],
}
