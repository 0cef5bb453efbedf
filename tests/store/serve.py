"""A store as a process: `python -m tests.store.serve PACKAGE PORT`; `--only-migrate` makes its database and ends.

It also takes deeds, one JSON line each on its standard input, and answers each with one JSON line: what its owner or a buyer does
without the agent (deeds.py).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from importlib import import_module

import django

PACKAGE = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = f"{PACKAGE}.settings"
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

deeds = import_module(f"{PACKAGE}.deeds")


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return None


class Static(StaticFilesHandler):
    def serve(self, request):  # type: ignore[no-untyped-def]  # as `runserver --insecure`
        from django.contrib.staticfiles.views import serve

        return serve(request, self.file_path(request.path), insecure=True)


def main() -> None:
    if sys.argv[2:] == ["--only-migrate"]:
        call_command("migrate", verbosity=0)
        return
    server = ThreadedWSGIServer(("127.0.0.1", int(sys.argv[2])), Quiet)
    server.set_app(Static(get_wsgi_application()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(getattr(deeds, told.pop("deed"))(**told), ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    main()
