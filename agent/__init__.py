"""Buys paid 抖店 orders again at suppliers that have no API, with a real browser and proof of every write."""

__version__ = "0.1.0"
