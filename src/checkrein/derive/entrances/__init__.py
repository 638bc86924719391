"""The ways in: which function runs for whom."""
