"""What the interpreter knows of a value: sets of atoms and things, branch by branch, in scopes."""
