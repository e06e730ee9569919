"""What can be wrong with a map that says what it means: found without a database."""
