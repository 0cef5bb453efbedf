"""The fault campaign on stand-in sites: python3 scripts/fault_campaign.py (Windows: py -3 scripts/fault_campaign.py)."""

from _start import start

if __name__ == "__main__":
    start("fault_campaign")
