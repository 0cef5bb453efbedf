"""Property tests here judge values, not speed: a busy machine must not fail them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("values", deadline=None)
settings.load_profile("values")
