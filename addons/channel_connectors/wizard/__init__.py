from . import channel_order_import, channel_order_import_row
