from . import (
    test_order_api,
    test_order_booking,
    test_order_import,
    test_order_rights,
    test_parcel_limits,
    test_stock_short,
)
