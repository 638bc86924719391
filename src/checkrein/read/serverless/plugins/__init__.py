"""Plugins of the framework: what those that are known change, one part for each."""
