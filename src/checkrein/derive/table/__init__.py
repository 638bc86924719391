"""What follows for each service: the closure of what could happen, and the rows."""
