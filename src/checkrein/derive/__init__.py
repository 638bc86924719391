"""Facts to facts, on the whole set; each module a pure function of what stands before it."""
