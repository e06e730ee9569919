"""Ports, and the only loop with effects."""
