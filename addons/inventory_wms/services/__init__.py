from . import door, transfer
