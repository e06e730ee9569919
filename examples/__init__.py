"""Worked examples: each a policy, data maps and the databases they govern."""
