from . import inventory_wms, picking
