"""The launcher and what it starts."""
