from . import wms_close_period
