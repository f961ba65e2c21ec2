from . import stock_location_label
