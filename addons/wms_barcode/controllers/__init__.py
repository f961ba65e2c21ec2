from . import app_files, wms_barcode
