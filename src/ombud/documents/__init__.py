"""What is handed to people: the extract, the letter."""
