"""A month of paying suppliers, and whether the books agree with it: python3 scripts/money_month.py (Windows: py -3 scripts/money_month.py)."""

from _start import start

if __name__ == "__main__":
    start("money_month")
