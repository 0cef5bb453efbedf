"""The demo on stand-in sites: python3 scripts/demo.py (Windows: py -3 scripts/demo.py)."""

from _start import start

if __name__ == "__main__":
    start("demo")
