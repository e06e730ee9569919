"""Which rows and columns hold what about whom."""
