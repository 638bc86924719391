"""The interpreter: expressions, statements, calls, classes, and what it saw."""
