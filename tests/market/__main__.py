"""`python -m tests.market --seed 1 --json`: all sites until stdin closes or SIGTERM. Prints where they are, as one line.

The line holds the addresses, the accounts to sign in with, and the token of the truth port.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from dataclasses import asdict

from tests.market.core import Market
from tests.market.mall.state import MALLS


def main() -> None:
    told = _arguments()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    with Market(told.seed, latency=(0.0, told.latency), popups=told.popups, malls=tuple(MALLS)) as market:
        _say(market, as_json=told.json)
        while os.read(sys.stdin.fileno(), 4096):
            pass


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.market", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.3, help="the longest wait of a request, seconds")
    parser.add_argument("--popups", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", action="store_true", help="one JSON line instead of words")
    return parser.parse_args()


def _say(market: Market, *, as_json: bool) -> None:
    if market.addresses is None:
        raise RuntimeError("the market has not started")
    known = {**asdict(market.addresses), "accounts": market.accounts()}
    if as_json:
        print(json.dumps(known, ensure_ascii=False), flush=True)
        return
    for site, hosts in market.addresses.hosts.items():
        for host, address in hosts.items():
            print(f"{site if host == 'main' else f'{site} {host}':12} {address}", flush=True)
    print(f"{'truth':12} {market.addresses.truth}", flush=True)


if __name__ == "__main__":
    main()
