from . import bins, books, picking, valuation
