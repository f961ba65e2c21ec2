"""Benches: `./wms bench NAME` runs `main(argv)` of the module of that name."""
