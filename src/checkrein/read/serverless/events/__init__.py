"""What runs functions: one part for each kind of event."""
