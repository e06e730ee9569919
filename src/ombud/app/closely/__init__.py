"""Rows of a few persons decided one by one by the oracle itself, among all that belong together with them."""
