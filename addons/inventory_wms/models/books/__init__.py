from . import wms_stock_ledger
