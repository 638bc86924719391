"""Changes to text edits, one file a notation."""
