"""Data classes in names and in text. Pure."""
