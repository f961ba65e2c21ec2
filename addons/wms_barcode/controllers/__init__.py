from . import app_files, packing, wms_barcode
