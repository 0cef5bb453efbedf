"""Buy the orders that are read and allowed: python3 scripts/place_orders.py [--dry-run]."""

from _start import start

if __name__ == "__main__":
    start("agent", "run", "--once", "--only", "place")
