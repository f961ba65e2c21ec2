from . import scanner
