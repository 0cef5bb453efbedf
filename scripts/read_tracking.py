"""Read tracking numbers at the suppliers, ship in the shop: python3 scripts/read_tracking.py."""

from _start import start

if __name__ == "__main__":
    start("agent", "run", "--once", "--only", "ship")
