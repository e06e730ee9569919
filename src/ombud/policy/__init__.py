"""From the text of policy files to a checked policy: parsing, the group's floor, findings."""
