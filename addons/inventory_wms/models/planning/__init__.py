from . import wms_weekly, wms_order_match, wms_carrier_cutoff, wms_order_profile, wms_shift  # isort: skip
