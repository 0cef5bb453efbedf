"""Sign in to an account yourself, once: python3 scripts/sign_in.py ACCOUNT."""

from _start import start

if __name__ == "__main__":
    start("agent", "login")
