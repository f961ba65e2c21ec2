from . import wms_weekly  # isort: skip: the others inherit it
from . import wms_order_match  # isort: skip
from . import wms_carrier_cutoff, wms_order_profile, wms_shift, wms_wave_run, wms_wave_template
