"""The policy language: documents, patterns, decisions. Pure."""
