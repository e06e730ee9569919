"""A request's life: what a person may ask, what follows from it, and by when."""
