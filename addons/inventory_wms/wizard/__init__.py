from . import bins, books, labour, picking, valuation
