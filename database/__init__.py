"""PostgreSQL itself: the embedded server, the two roles, the rules laid on tables."""
