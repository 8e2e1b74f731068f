"""An ordered stream of messages that survives the connections it runs over (docs/protocol.md, "The channel")."""

import collections
import threading
import time
import uuid

from .packets import LANES, decode_packet, encode_packet
from .web_socket import WebSocketClosed

PIECE_BYTES = 256 * 1024
WINDOW_BYTES = {"control": 8 << 20, "data": 1 << 20}
BEAT_SECONDS = 5
VERSIONS = [1]


class ChannelClosed(ConnectionError):
    """The channel has ended and will not come back; the message says why."""


class _Lane:
    """What one lane has sent and not seen acknowledged, and what it has received."""

    def __init__(self):
        self.queue = collections.deque()  # (sequence, first, last, payload), oldest first
        self.under_way = 0  # of them, sent over the present connection
        self.next_sequence = 0
        self.received = 0
        self.parts = []

    def push(self, message):
        starts = range(0, max(len(message), 1), PIECE_BYTES)
        for start in starts:
            piece = message[start : start + PIECE_BYTES]
            self.queue.append((self.next_sequence, start == 0, start + PIECE_BYTES >= len(message), piece))
            self.next_sequence += 1

    def acknowledge(self, received):
        while self.queue and self.queue[0][0] < received:
            self.queue.popleft()
            self.under_way = max(0, self.under_way - 1)

    def take(self, window):
        """The next piece that may go, or None."""
        if self.under_way == len(self.queue):
            return None
        piece = self.queue[self.under_way]
        bytes_under_way = sum(len(self.queue[i][3]) for i in range(self.under_way))
        if bytes_under_way > 0 and bytes_under_way + len(piece[3]) > window:
            return None
        self.under_way += 1
        return piece


class Channel:
    """Connects by itself, now and again whenever the connection is lost.

    dial()            makes a new WebSocket
    on_message(bytes) is called for each message, in a thread of the channel's own
    on_reset(known)   the server could not go on where we were: known tells whether it remembers our requests
    on_close(reason)  is called once, at the end
    """

    def __init__(self, dial, on_message, on_reset, on_close):
        self._dial, self._on_message, self._on_reset, self._on_close = dial, on_message, on_reset, on_close
        self._id = str(uuid.uuid4())
        self._epoch = 0
        self._lanes = {lane: _Lane() for lane in LANES}
        self._lock = threading.RLock()
        self._socket = None
        self._heard = time.monotonic()
        self._closed = None
        for target in (self._run, self._beat):
            threading.Thread(target=target, daemon=True).start()

    def send(self, lane, message):
        with self._lock:
            if self._closed is not None:
                raise ChannelClosed(self._closed)
            self._lanes[lane].push(message)
            self._pump()

    def close(self, reason="closed by this side"):
        with self._lock:
            if self._closed is not None:
                return
            self._bare("bye", {"reason": reason})
            self._end(reason)

    @property
    def _received(self):
        return [self._lanes[lane].received for lane in LANES]

    def _run(self):
        delay = 0.05
        while self._closed is None:
            try:
                socket = self._dial()
                messages = self._shake_hands(socket)
                delay = 0.05
                for message in messages:
                    self._on_message(message)
            except (ChannelClosed, PermissionError) as error:
                self._end(str(error))
            except (OSError, ValueError):
                time.sleep(delay)
                delay = min(5, 2 * delay)

    def _shake_hands(self, socket):
        hello = {"versions": VERSIONS, "channelId": self._id, "epoch": self._epoch, "received": self._received}
        socket.send(encode_packet("hello", payload=hello))
        answer = decode_packet(socket.receive())
        if answer["type"] == "refused":
            raise ChannelClosed(answer["payload"]["message"])
        welcome = answer["payload"]
        with self._lock:
            if self._epoch not in (0, welcome["epoch"]):
                self._lanes = {lane: _Lane() for lane in LANES}
                self._on_reset(welcome["known"])
            self._epoch = welcome["epoch"]
            for lane, received in zip(LANES, welcome["received"]):
                self._lanes[lane].under_way = 0
                self._lanes[lane].acknowledge(received)
            self._socket, self._heard = socket, time.monotonic()
            self._pump()
        return self._messages(socket)

    def _messages(self, socket):
        """Messages as they become whole, until the connection ends."""
        while self._closed is None:
            try:
                packet = decode_packet(socket.receive())
            except WebSocketClosed:
                break
            with self._lock:
                self._heard = time.monotonic()
                for lane, received in zip(LANES, packet["received"]):
                    self._lanes[lane].acknowledge(received)
                message = self._take(packet)
                self._pump()
            if message is not None:
                yield message
        with self._lock:
            self._socket = None
        socket.close()

    def _take(self, packet):
        if packet["type"] == "ping":
            self._bare("pong")
        elif packet["type"] == "bye":
            self._end(packet["payload"]["reason"])
        elif packet["type"] == "data":
            lane = self._lanes[packet["lane"]]
            if packet["sequence"] == lane.received:
                lane.received += 1
                lane.parts.append(packet["payload"])
                self._bare("ack")
                if packet["last"]:
                    message, lane.parts = b"".join(lane.parts), []
                    return message
            elif packet["sequence"] > lane.received:
                # A piece is missing: a new connection brings it.
                self._socket.close()
        return None

    def _pump(self):
        try:
            for lane in LANES:  # control first
                while self._socket is not None and (piece := self._lanes[lane].take(WINDOW_BYTES[lane])):
                    sequence, first, last, payload = piece
                    self._socket.send(encode_packet("data", self._received, payload, lane, first, last, sequence))
        except WebSocketClosed:
            self._socket = None

    def _bare(self, kind, payload=b""):
        try:
            if self._socket is not None:
                self._socket.send(encode_packet(kind, self._received, payload))
        except WebSocketClosed:
            self._socket = None

    def _beat(self):
        while self._closed is None:
            time.sleep(BEAT_SECONDS / 2)
            with self._lock:
                silent = time.monotonic() - self._heard
                if self._socket is not None and silent > 3 * BEAT_SECONDS:
                    self._socket.close()
                elif silent > BEAT_SECONDS / 2:
                    self._bare("ping")

    def _end(self, reason):
        with self._lock:
            if self._closed is not None:
                return
            self._closed = reason
            socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()
        self._on_close(reason)
