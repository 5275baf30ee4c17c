import copy
import threading

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from . import wraps

# DynamoDB checks a condition and writes atomically; moto serves each request in its own thread and does not.
writing = threading.RLock()


def atomically(original, *args, **kwargs):
    with writing:
        return original(*args, **kwargs)


for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
    wraps(DynamoDBBackend, name)(atomically)


@wraps(Table)
def query(original, self, hash_key, comparison, values, limit, start, forward, projection, index_name=None, *more, **named):
    """Queries one partition; moto sorts the whole table for each query."""
    table = self
    if index_name is None and self.range_key_attr:
        table = copy.copy(self)
        table.items = {hash_key: self.items.get(hash_key, {})}
    return original(table, hash_key, comparison, values, limit, start, forward, projection, index_name, *more, **named)
