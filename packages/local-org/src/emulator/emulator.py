"""The AWS emulator as a child process: prints its port, and ends when its parent does (stdin closes)."""

import copy
import functools
import gc
import io
import json
import logging
import os
import signal
import sys
import threading
import traceback

from moto import backends
from moto.core import responses
from moto.core.base_backend import AccountSpecificBackend
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.iam import models as iam
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

# Ctrl-C reaches the whole process group; the parent still needs its emulator while it tidies up.
signal.signal(signal.SIGINT, signal.SIG_IGN)
logging.getLogger("werkzeug").setLevel(logging.ERROR)

# DynamoDB checks a condition and writes in one step; moto answers each request in a thread of its own and does not.
dynamodb = threading.RLock()


def in_one_step(method):
    def locked(*args, **kwargs):
        with dynamodb:
            return method(*args, **kwargs)

    return locked


for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
    setattr(DynamoDBBackend, name, in_one_step(getattr(DynamoDBBackend, name)))

# IAM tells times to the second; the SDK would round what moto says, into the next second now and then.
exact_now = iam.utcnow
iam.utcnow = lambda: exact_now().replace(microsecond=0)

query_of_all = Table.query


def query(self, hash_key, comparison, values, limit, start, forward, projection, index_name=None, *more, **named):
    """A query that looks at its own partition; moto sorts the whole table for each."""
    table = self
    if index_name is None and self.range_key_attr:
        table = copy.copy(self)
        table.items = {hash_key: self.items.get(hash_key, {})}
    return query_of_all(table, hash_key, comparison, values, limit, start, forward, projection, index_name, *more, **named)


Table.query = query

# The same for every account and request, and asked anew for each: which Regions a service has, whose host this is.
regions_of = functools.cache(functools.partial(AccountSpecificBackend._generate_regions.__wrapped__, None))
AccountSpecificBackend._generate_regions = lambda self, service: regions_of(service)
backends.list_of_moto_modules = functools.cache(lambda modules=backends.list_of_moto_modules: frozenset(modules()))
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
DomainDispatcherApplication.get_backend_for_host = functools.cache(DomainDispatcherApplication.get_backend_for_host)

every_resource = ResourceGroupsTaggingAPIResponse.get_resources


def get_resources(self):
    """GetResources that answers about the named resources alone; moto walks through all services and answers all."""
    named = self._get_param("ResourceARNList")
    if not named:
        return every_resource(self)
    buckets = self.backend.s3_backend.tagger
    tagged = [{"ResourceARN": arn, "Tags": buckets.list_tags_for_resource(arn)["Tags"]} for arn in named]
    services = {arn.split(":")[2] for arn in named} - {"s3"}
    if services:
        tagged += self.backend._get_resources_generator(tag_filters=[], resource_type_filters=services)
    found = [one for one in tagged if one["ResourceARN"] in named and one["Tags"]]
    return json.dumps({"ResourceTagMappingList": found})


ResourceGroupsTaggingAPIResponse.get_resources = get_resources


class KeepAlive(WSGIRequestHandler):
    """Serves one request after another on a connection; werkzeug closes it after the first."""

    protocol_version = "HTTP/1.1"
    # Header and body leave together and at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self):
        self.environ = environ = self.make_environ()
        body = environ["wsgi.input"]
        length = None if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
        # Read whole whatever becomes of it: what was left would be taken for the next request.
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


server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), True, request_handler=KeepAlive)
threading.Thread(target=server.serve_forever, daemon=True).start()
# What is here now stays; of what comes, most stays as well: it is the state of AWS.
gc.freeze()
gc.set_threshold(50_000, 20, 100)
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
