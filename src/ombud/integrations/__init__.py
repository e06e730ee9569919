"""For applications: what their own code says of their data."""
