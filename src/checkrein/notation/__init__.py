"""Positioned trees of YAML and JSON, and splicing text into them. Pure."""
