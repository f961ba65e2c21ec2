from . import inventory_wms
