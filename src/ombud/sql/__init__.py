"""What is to be known, as SQL: comparisons, EXISTS and joins, never date arithmetic."""
