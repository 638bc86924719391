"""The app as it would be with something else in it: changes of what was read, and what follows."""
