from . import wms_pack_box, wms_pack_item
