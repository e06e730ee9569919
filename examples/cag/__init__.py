"""The flagship example: a group of four companies, six databases, invented people in all life situations."""
