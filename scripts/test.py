"""Set up, then every check and test: python3 scripts/test.py [--only-setup] [pytest's arguments] (Windows: py -3)."""

from _start import start

if __name__ == "__main__":
    start("checks")
