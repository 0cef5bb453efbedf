"""Flows on pages of real component libraries, taken from npm by pinned name into an ignored folder and served from loopback."""
