"""The part of WebSocket (RFC 6455) that binary messages over loopback or TLS need."""

import base64
import os
import socket
import ssl
import struct
from urllib.parse import urlsplit

_BINARY, _CLOSE, _PING, _PONG = 2, 8, 9, 10


class WebSocketClosed(ConnectionError):
    """The connection is over."""


class WebSocket:
    """A connected WebSocket. `receive` may run in one thread while `send` is called in others that take turns."""

    def __init__(self, url, headers, timeout=10):
        address = urlsplit(url)
        port = address.port or (443 if address.scheme == "wss" else 80)
        self._socket = socket.create_connection((address.hostname, port), timeout)
        if address.scheme == "wss":
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=address.hostname)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")
        self._upgrade(address, headers)
        self._socket.settimeout(None)

    def send(self, message):
        self._send(_BINARY, message)

    def receive(self):
        """The next binary message. Raises WebSocketClosed at the end."""
        parts = []
        while True:
            head = self._read(2)
            length = head[1] & 0x7F
            if length == 126:
                (length,) = struct.unpack(">H", self._read(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self._read(8))
            payload = self._read(length)
            kind = head[0] & 0x0F
            if kind == _CLOSE:
                raise WebSocketClosed(payload[2:].decode(errors="replace") or "closed by the server")
            if kind == _PING:
                self._send(_PONG, payload)
            elif kind != _PONG:
                parts.append(payload)
                if head[0] & 0x80:
                    return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()

    def _upgrade(self, address, headers):
        lines = [
            f"GET {address.path or '/'} HTTP/1.1",
            f"Host: {address.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = self._stream.readline().decode().strip()
        fields = {}
        for line in iter(lambda: self._stream.readline().decode().strip(), ""):
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        if " 101 " not in status + " ":
            body = self._stream.read(int(fields.get("content-length", 0))).decode(errors="replace")
            raise PermissionError(f"expected the server to let us in, got {status}: {body}")

    def _send(self, kind, payload):
        n = len(payload)
        head = bytes([0x80 | kind])
        if n < 126:
            head += bytes([0x80 | n])
        else:
            head += struct.pack(">BH", 0x80 | 126, n) if n < 65536 else struct.pack(">BQ", 0x80 | 127, n)
        mask = os.urandom(4)
        try:
            self._socket.sendall(head + mask + _masked(payload, mask))
        except OSError as error:
            raise WebSocketClosed(str(error)) from error

    def _read(self, n):
        try:
            payload = self._stream.read(n)
        except OSError as error:
            raise WebSocketClosed(str(error)) from error
        if len(payload) < n:
            raise WebSocketClosed("the connection was lost")
        return payload


def _masked(payload, mask):
    n = len(payload)
    key = int.from_bytes((mask * (n // 4 + 1))[:n], "little")
    return (int.from_bytes(payload, "little") ^ key).to_bytes(n, "little")
