from . import (
    channel_account,
    channel_inbox,
    channel_order,
    channel_order_line,
    channel_problem,
    sale_order,
    wms_order_match,
)
