"""Settings of all tests."""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")

os.environ["CHECKREIN_CACHE"] = "off"  # nothing is kept in examples, but where a test is about that
