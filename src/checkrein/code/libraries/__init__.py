"""What functions of languages, libraries and SDKs do with what they are given."""
