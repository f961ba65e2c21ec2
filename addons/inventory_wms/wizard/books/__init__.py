from . import (
    wms_certify,
    wms_close_period,
    wms_cutoff,
    wms_lifo_report,
    wms_stock_turnover,
    wms_stock_value,
)
