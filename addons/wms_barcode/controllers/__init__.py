from . import wms_barcode
