"""The AWS emulator as a child process: prints its port, and ends when its parent does (stdin closes)."""

import logging
import os
import signal
import sys
import threading

from moto.dynamodb.models import DynamoDBBackend
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

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

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
