from . import labels, packing_papers, scanner
