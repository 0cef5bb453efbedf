"""Pay the suppliers what is proven and unpaid: python3 scripts/pay.py [--supplier NAME] [--dry-run]."""

from _start import start

if __name__ == "__main__":
    start("agent", "pay")
