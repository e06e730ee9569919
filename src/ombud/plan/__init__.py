"""Policy × data map × day → what may be known dead, and the order in which it can go."""
