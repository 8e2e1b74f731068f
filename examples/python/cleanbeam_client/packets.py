"""Packets of the channel below the messages (docs/protocol.md, "The channel")."""

import json
import struct

TYPES = ("hello", "welcome", "refused", "data", "ack", "ping", "pong", "bye")
LANES = ("control", "data")
_HEAD = struct.Struct("<BBBBIII")
_LAYOUT = 1


def encode_packet(kind, received=(0, 0), payload=b"", lane="control", first=False, last=False, sequence=0):
    """One packet; a dict as payload is written as JSON."""
    if isinstance(payload, dict):
        payload = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    flags = (1 if first else 0) | (2 if last else 0)
    return _HEAD.pack(TYPES.index(kind) + 1, LANES.index(lane), flags, _LAYOUT, sequence, *received) + bytes(payload)


def decode_packet(packet):
    """The fields of a packet as a dict; the payload of hello, welcome, refused and bye is read as JSON."""
    if len(packet) < _HEAD.size:
        raise ValueError(f"expected a packet, got {len(packet)} bytes")
    number, lane, flags, layout, sequence, control, data = _HEAD.unpack_from(packet)
    if layout != _LAYOUT or not 1 <= number <= len(TYPES) or lane >= len(LANES):
        raise ValueError(f"expected a packet of layout {_LAYOUT}, got one beginning with {bytes(packet[:4]).hex()}")
    kind = TYPES[number - 1]
    payload = packet[_HEAD.size :]
    return {
        "type": kind,
        "lane": LANES[lane],
        "first": bool(flags & 1),
        "last": bool(flags & 2),
        "sequence": sequence,
        "received": [control, data],
        "payload": json.loads(bytes(payload)) if kind in ("hello", "welcome", "refused", "bye") else payload,
    }
