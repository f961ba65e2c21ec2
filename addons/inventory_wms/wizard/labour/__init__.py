from . import wms_labour_standard
