"""One outside thing per file: databases, files, clocks, keys."""
