from . import wms_labour_activity, wms_labour_report, wms_labour_time
