from . import wms_cart, wms_task
