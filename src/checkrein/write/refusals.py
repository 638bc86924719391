"""Why a change cannot be written."""

from __future__ import annotations


class CannotEdit(Exception):
    """A change that cannot be written into the user's file; the message is a sentence."""
