"""Each guard taken away once, in a copy: python3 scripts/mutants.py (Windows: py -3 scripts/mutants.py)."""

from _start import start

if __name__ == "__main__":
    start("mutants")
