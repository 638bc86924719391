"""The classes of each service of AWS, and what their methods add."""
