"""How long ombud takes beside hand-written SQL: ratios in one run, never a timed test."""
