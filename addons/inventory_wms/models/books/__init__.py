from . import wms_lock_override, wms_reconciliation, wms_stock_ledger
