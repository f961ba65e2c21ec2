from . import labels, scanner
