"""Which stacks make one application, and the names its resources go by."""
