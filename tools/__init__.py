"""The launcher behind ``./wms``: set-up, databases, servers, tests. Standard library only."""
