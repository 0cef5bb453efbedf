"""The command line: printing, asking, exit codes; no decisions. Nothing imports it."""

from __future__ import annotations

from agent.cli.main import main

__all__ = ["main"]
