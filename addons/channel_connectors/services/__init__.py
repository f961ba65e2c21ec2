from . import order_booking, order_intake, order_lookup, stock_short
