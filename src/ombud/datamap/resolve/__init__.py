"""From drafts to the model: names looked up, what is inherited spelled out, one hop at a time."""
