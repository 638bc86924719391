"""Commands: parse arguments, call the pipeline, print. Decides nothing."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
