"""ombud's statements as engines would be told them on which it does not run: compiled, proved, and never executed."""
