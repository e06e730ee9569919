"""What a policy means, by brute force over rows: the oracle."""
