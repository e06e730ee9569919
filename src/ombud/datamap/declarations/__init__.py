"""Why data is held, as the privacy declarations of systems in fideslang say it: a draft of a policy."""
