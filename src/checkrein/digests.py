"""What stands for content, without OpenSSL: ``hashlib`` and ``hmac`` load it before all else.

To load it takes as long as a twentieth of a scan that knows an earlier one.
"""

from __future__ import annotations

from _blake2 import blake2b
from _operator import _compare_digest as compare_digest

__all__ = ["blake2b", "compare_digest"]
