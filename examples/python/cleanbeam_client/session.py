"""Calls and events of a session (docs/protocol.md, "Methods and events")."""

import itertools
import threading
from urllib.parse import parse_qs, urlsplit, urlunsplit

from .channel import Channel, ChannelClosed
from .frames import decode_message, encode_message
from .web_socket import WebSocket

_LONG_REQUEST_BYTES = 64 * 1024


class CallError(Exception):
    """A call failed on the other side: `tag` is for programs, the message for people."""

    def __init__(self, tag, message, fields):
        super().__init__(message)
        self.tag, self.fields = tag, fields


class _Call:
    def __init__(self, lane, request, on_progress):
        self.lane, self.request, self.on_progress = lane, request, on_progress
        self.done = threading.Event()
        self.value = self.error = None

    def settle(self, value=None, error=None):
        self.value, self.error = value, error
        self.done.set()


def connect(address):
    """Connects to the address that cleanbeam printed, with its token."""
    parts = urlsplit(address)
    token = parse_qs(parts.query)["token"][0]
    scheme = {"http": "ws", "https": "wss"}[parts.scheme]
    url = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + "/socket", "", ""))
    return Session(lambda: WebSocket(url, {"Authorization": f"Bearer {token}"}))


class Session:
    """A session. Calls wait for their answer and may come from any thread; they outlive lost connections."""

    def __init__(self, dial):
        self._ids = itertools.count(1)
        self._calls = {}
        self._handlers = {}
        self._channel = Channel(dial, self._receive, self._reset, self._closed)

    def call(self, method, on_progress=None, timeout=None, **params):
        """Calls a method; arrays in params and in the answer are numpy arrays.

        Raises CallError when it fails on the other side, TimeoutError (and cancels) after `timeout` seconds,
        ChannelClosed when the session is gone.
        """
        number = next(self._ids)
        request = encode_message({"kind": "request", "id": number, "method": method, "params": params})
        lane = "data" if len(request) > _LONG_REQUEST_BYTES else "control"
        call = self._calls[number] = _Call(lane, request, on_progress)
        self._channel.send(lane, request)
        if not call.done.wait(timeout):
            self._calls.pop(number, None)
            self._channel.send("control", encode_message({"kind": "cancel", "id": number}))
            raise TimeoutError(f"expected an answer within {timeout} s, got none ({method})")
        if call.error is not None:
            raise call.error
        return call.value

    def on(self, topic, handler):
        """Calls handler(value) for each event of a topic, in a thread of the session's own."""
        self._handlers.setdefault(topic, []).append(handler)

    def close(self):
        self._channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _receive(self, frame):
        message = decode_message(frame)
        kind = message["kind"]
        if kind == "event":
            for handler in self._handlers.get(message["topic"], []):
                handler(message["value"])
        elif kind == "progress":
            call = self._calls.get(message["id"])
            if call is not None and call.on_progress is not None:
                call.on_progress(message["progress"])
        elif (call := self._calls.pop(message["id"], None)) is not None:
            if kind == "result":
                call.settle(message["value"])
            else:
                call.settle(error=CallError(**message["error"]))

    def _reset(self, known):
        """Requests without an answer go again where the server knows which it has carried out, and fail elsewhere."""
        for number, call in list(self._calls.items()):
            if known:
                self._channel.send(call.lane, call.request)
            else:
                self._calls.pop(number).settle(error=ChannelClosed("the server has been started anew"))

    def _closed(self, reason):
        for number in list(self._calls):
            self._calls.pop(number).settle(error=ChannelClosed(reason))
