"""Wiring: the only place that builds things, for whoever says them to people."""
