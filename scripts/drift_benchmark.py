"""What happens when a site's pages change: python3 scripts/drift_benchmark.py (Windows: py -3 scripts/drift_benchmark.py)."""

from _start import start

if __name__ == "__main__":
    start("drift_benchmark")
