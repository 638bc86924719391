"""Which file a name of a module stands for, and running it once."""
