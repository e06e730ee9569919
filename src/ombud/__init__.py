"""ombud makes a group of companies keep its own privacy policy."""

__version__ = "0.1.0"
