"""From the text of a map to a draft: what the file says, each word with its place, nothing inherited yet."""
