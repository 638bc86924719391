"""Where a value can do harm, what makes it harmless, and what code tells of secrets and callers."""
