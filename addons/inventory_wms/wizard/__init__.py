from . import bins, picking
