from . import stock_location_generate
