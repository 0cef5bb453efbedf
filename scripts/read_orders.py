"""Read the shops' paid orders, buy nothing: python3 scripts/read_orders.py."""

from _start import start

if __name__ == "__main__":
    start("agent", "run", "--once", "--only", "read")
