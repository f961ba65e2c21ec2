"""Readers of published benchmark instances."""
