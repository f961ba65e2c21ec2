from . import (
    wms_books_certificate,
    wms_cogs_report,
    wms_grni_item,
    wms_grni_writeoff,
    wms_lifo_adjustment,
    wms_lock_override,
    wms_reconciliation,
    wms_stock_ledger,
)
