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
from moto.logs.metric_filters import MetricFilters
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

# Ctrl-C reaches the whole process group; the parent still needs its emulator while it cleans up.
signal.signal(signal.SIGINT, signal.SIG_IGN)
logging.getLogger("werkzeug").setLevel(logging.ERROR)

# DynamoDB checks a condition and writes atomically; moto serves each request in its own thread and does not.
dynamodb = threading.RLock()


def atomically(method):
    def locked(*args, **kwargs):
        with dynamodb:
            return method(*args, **kwargs)

    return locked


for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
    setattr(DynamoDBBackend, name, atomically(getattr(DynamoDBBackend, name)))

# IAM reports whole seconds; the SDK rounds moto's fractions, sometimes into the next second.
exact_now = iam.utcnow
iam.utcnow = lambda: exact_now().replace(microsecond=0)

original_query = Table.query


def query(self, hash_key, comparison, values, limit, start, forward, projection, index_name=None, *more, **named):
    """Queries one partition; moto sorts the whole table for each query."""
    table = self
    if index_name is None and self.range_key_attr:
        table = copy.copy(self)
        table.items = {hash_key: self.items.get(hash_key, {})}
    return original_query(table, hash_key, comparison, values, limit, start, forward, projection, index_name, *more, **named)


Table.query = query

add_metric_filter = MetricFilters.add_filter


def put_metric_filter(self, filter_name, filter_pattern, log_group_name, metric_transformations):
    """PutMetricFilter replaces a filter of the same name; moto keeps both, and shows the old one."""
    self.delete_filter(filter_name, log_group_name)
    add_metric_filter(self, filter_name, filter_pattern, log_group_name, metric_transformations)


MetricFilters.add_filter = put_metric_filter

# moto computes these again for each request, although they never change: Regions of a service, backend of a host.
regions_of = functools.cache(functools.partial(AccountSpecificBackend._generate_regions.__wrapped__, None))
AccountSpecificBackend._generate_regions = lambda self, service: regions_of(service)
backends.list_of_moto_modules = functools.cache(lambda modules=backends.list_of_moto_modules: frozenset(modules()))
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
DomainDispatcherApplication.get_backend_for_host = functools.cache(DomainDispatcherApplication.get_backend_for_host)

original_get_resources = ResourceGroupsTaggingAPIResponse.get_resources


def get_resources(self):
    """GetResources of the named resources only; moto reads all services and returns everything."""
    named = self._get_param("ResourceARNList")
    if not named:
        return original_get_resources(self)
    buckets = self.backend.s3_backend.tagger
    tagged = [{"ResourceARN": arn, "Tags": buckets.list_tags_for_resource(arn)["Tags"]} for arn in named]
    services = {arn.split(":")[2] for arn in named} - {"s3"}
    if services:
        tagged += self.backend._get_resources_generator(tag_filters=[], resource_type_filters=services)
    found = [one for one in tagged if one["ResourceARN"] in named and one["Tags"]]
    return json.dumps({"ResourceTagMappingList": found})


ResourceGroupsTaggingAPIResponse.get_resources = get_resources


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


server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), True, request_handler=KeepAlive)
threading.Thread(target=server.serve_forever, daemon=True).start()
# All objects so far stay, and most later ones too (they are the state of AWS): collect garbage rarely.
gc.freeze()
gc.set_threshold(50_000, 20, 100)
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
