from . import (
    channel_account,
    channel_inbox,
    channel_order,
    channel_order_line,
    channel_problem,
    delivery_carrier,
    sale_order,
    wms_order_match,
)
