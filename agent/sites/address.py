"""The address of a page with values put in: each value stays one piece of the path or query it stands in.

Knows no site and no browser. What a value says can never lead to another page than the one the file names (N10).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from agent.errors import Mismatch
from agent.sites.flow import Template, ValueName
from agent.words import _

# Browsers take `%2e%2e` between two slashes for `..`, so quoting a dot does not tame it.
_DOTS = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)


def address_with(address: Template, values: Mapping[str, str]) -> str:
    """The address with every value percent-quoted. Raises Mismatch for a value that is empty or would change the path."""
    for name in address.names:
        if not values[name].strip():
            raise Mismatch(_("<{name}> is empty, so the address {address} leads nowhere").format(name=name, address=address))
    made = "".join(quote(values[part.name], safe="") if isinstance(part, ValueName) else part for part in address.parts)
    path = re.split(r"[?#]", made, maxsplit=1)[0]
    if any(_DOTS.fullmatch(piece) for piece in path.split("/")):
        raise Mismatch(_("The address {made} made of {address} leads out of its folder").format(made=made, address=address))
    return made
