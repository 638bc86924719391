"""What stands for content, without OpenSSL: ``hashlib`` and ``hmac`` load it before all else.

To load it takes as long as a twentieth of a scan that knows an earlier one.
"""

from __future__ import annotations

import sys
from _blake2 import blake2b
from _operator import _compare_digest as compare_digest

if sys.version_info >= (3, 12):
    from _sha2 import sha256
else:
    from _sha256 import sha256  # type: ignore[import-not-found]  # typeshed has none of it

__all__ = ["blake2b", "compare_digest", "sha256"]
