"""The demo: a small real warehouse, and a day of work in it through the public interfaces."""
