"""A draft of a data map for a database that nobody has described: guesses, each with its reason and how sure it is."""
