"""Answers to text, one file a form."""
