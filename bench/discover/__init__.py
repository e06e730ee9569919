"""Databases that real applications make, filled with invented people, and the truth about their columns."""
