from . import order_booking, order_intake, order_lookup, parcel_limits, stock_short
