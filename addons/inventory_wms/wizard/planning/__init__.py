from . import wms_lot_hold, wms_order_hold, wms_wave_hand_over, wms_wave_remove, wms_wave_rush
