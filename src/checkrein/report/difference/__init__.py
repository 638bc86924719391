"""How two versions differ: as text, as JSON, and as Markdown for a pull request."""
