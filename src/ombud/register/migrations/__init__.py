"""How the tables came to be, step by step. Django reads them in order."""
