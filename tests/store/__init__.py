"""A store that nobody here wrote: django-oscar with its own storefront and dashboard, in Chinese, as supplier and as shop.

Its files are untouched; settings, what stands on the shelves, and one block of one template are ours. It runs in a Python
of its own (`.store/`), as a process, on loopback.
"""
