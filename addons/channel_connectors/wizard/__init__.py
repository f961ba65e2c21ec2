from . import channel_order_import
