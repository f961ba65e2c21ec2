{
    "name": "WMS Barcode",
    "summary": "The warehouse scanner in the browser, labels and printing",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Inventory WMS contributors",
    "license": "LGPL-3",
    "depends": ["inventory_wms", "barcodes_gs1_nomenclature"],
    "data": [],
}
