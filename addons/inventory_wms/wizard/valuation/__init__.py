from . import wms_cost_revalue
