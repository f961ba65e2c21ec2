from . import bins, books, labour, picking, planning, valuation
