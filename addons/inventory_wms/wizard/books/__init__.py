from . import wms_close_period, wms_stock_value
