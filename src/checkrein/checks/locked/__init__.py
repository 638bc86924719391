"""The app against ``checkrein.lock``: what differs, what caused it, and how a sentence says it."""
