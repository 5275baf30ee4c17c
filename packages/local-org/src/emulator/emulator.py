"""The AWS emulator as a child process: prints its port, and ends when its parent does (stdin closes)."""

import functools
import gc
import io
import logging
import os
import re
import signal
import sys
import threading
import traceback

from moto import backends
from moto.core import responses
from moto.core.base_backend import AccountSpecificBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

# No cache of bytecode beside the sources.
sys.dont_write_bytecode = True
import supplement  # noqa: E402

# Ctrl-C reaches the whole process group; the parent still needs its emulator while it cleans up.
signal.signal(signal.SIGINT, signal.SIG_IGN)
logging.getLogger("werkzeug").setLevel(logging.ERROR)

# moto computes these again for each request, although they never change: Regions of a service, backend of a host.
regions_of = functools.cache(functools.partial(AccountSpecificBackend._generate_regions.__wrapped__, None))
AccountSpecificBackend._generate_regions = lambda self, service: regions_of(service)
backends.list_of_moto_modules = functools.cache(lambda modules=backends.list_of_moto_modules: frozenset(modules()))
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
DomainDispatcherApplication.get_backend_for_host = functools.cache(DomainDispatcherApplication.get_backend_for_host)


def create_app(service):
    """The application of a service of moto, with what this emulator adds to the service."""
    supplement.load(service)
    app = create_backend_app(service)
    # Code is never garbage: leave it out of every collection.
    gc.freeze()
    return app


class KeepAlive(WSGIRequestHandler):
    """Serves several requests on a connection; werkzeug closes it after the first."""

    protocol_version = "HTTP/1.1"
    # Send header and body together, without delay.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self):
        self.environ = environ = self.make_environ()
        body = environ["wsgi.input"]
        length = None if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
        # Read the whole body in any case: the rest of it would be parsed as the next request.
        environ["wsgi.input"] = io.BytesIO(body.read() if length is None else body.read(length))
        answer = self.answer(environ)
        self.send_response(answer.status_code)
        for key, value in answer.get_wsgi_headers(environ):
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.get_data())

    def log_request(self, *_):
        pass

    def answer(self, environ):
        try:
            return Response.from_app(self.server.app, environ, buffered=True)
        except Exception:
            traceback.print_exc()
            return InternalServerError().get_response(environ)


application = DomainDispatcherApplication(create_app)
# A service that moto does not have.
application.backend_url_patterns.append(("accessanalyzer", re.compile(r"https?://access-analyzer\.")))
server = make_server("127.0.0.1", 0, application, True, request_handler=KeepAlive)
threading.Thread(target=server.serve_forever, daemon=True).start()
# All objects so far stay, and most later ones too (they are the state of AWS): collect garbage rarely.
gc.freeze()
gc.set_threshold(50_000, 20, 100)
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
