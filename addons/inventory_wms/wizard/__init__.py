from . import bins, books, picking
