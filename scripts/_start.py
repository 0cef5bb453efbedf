"""The first step of every script: an old Python is refused in one sentence, then the real work is imported.

This file and the scripts that use it stay readable for any Python, down to 2.7: no annotations, no f-strings.
"""

import sys

NEEDED = (3, 11)


def start(work, *fixed):
    """Run `_work.<work>` with the fixed arguments and those of the command line, and end with its exit code."""
    if sys.version_info < NEEDED:
        sys.exit(too_old(sys.version_info, sys.platform))
    import _work

    sys.exit(getattr(_work, work)(list(fixed) + sys.argv[1:]))


def too_old(version, system):
    """What an old Python is told, with the command to type."""
    here = ".".join(str(part) for part in version[:3])
    return "Python 3.11 or newer is needed and this is Python " + here + "; type: " + how_to_get_one(system)


def how_to_get_one(system):
    if system == "win32":
        return "winget install Python.Python.3.13   (then start this again with: py -3)"
    if system == "darwin":
        return "brew install python@3.13   (then start this again with: python3.13)"
    return "sudo apt-get install -y python3.11 python3.11-venv   (then start this again with: python3.11)"
