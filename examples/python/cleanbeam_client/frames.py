"""Messages as bytes: a JSON header and raw little-endian arrays (docs/protocol.md, "Messages")."""

import json
import struct

import numpy

MAGIC = b"CBF\n"
VERSION = 1
_PREAMBLE = struct.Struct("<4sHHII")
_TYPES = {"i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"}
_NUMBERS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf"), "-0": -0.0}


def encode_message(message):
    """A message (a dict that may hold numpy arrays) as bytes."""
    arrays = []
    header = {"message": _to_wire(message, arrays), "buffers": [[a.dtype.str[1:], a.nbytes] for a in arrays]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(a.tobytes() + bytes(-a.nbytes % 8) for a in arrays)
    return _PREAMBLE.pack(MAGIC, VERSION, 0, len(text), _PREAMBLE.size + len(text) + len(body)) + text + body


def decode_message(frame):
    """The message in a frame; its arrays are views of the bytes. Raises ValueError for anything else."""
    if len(frame) < _PREAMBLE.size:
        raise ValueError(f"expected a frame, got {len(frame)} bytes")
    magic, version, _, header_bytes, frame_bytes = _PREAMBLE.unpack_from(frame)
    if magic != MAGIC:
        raise ValueError("expected a frame beginning with 'CBF', got other bytes")
    if version != VERSION:
        raise ValueError(f"expected protocol version {VERSION}, got {version}")
    if frame_bytes != len(frame) or _PREAMBLE.size + header_bytes > frame_bytes:
        raise ValueError(f"expected {frame_bytes} bytes, got {len(frame)}")
    start = _PREAMBLE.size + header_bytes
    header = json.loads(bytes(frame[_PREAMBLE.size : start]))
    arrays = []
    for kind, n_byte in header["buffers"]:
        if kind not in _TYPES or start + n_byte > frame_bytes:
            raise ValueError(f"expected an array within the frame, got {kind} of {n_byte} bytes at {start}")
        dtype = numpy.dtype("<" + kind)
        arrays.append(numpy.frombuffer(frame, dtype, n_byte // dtype.itemsize, start))
        start += n_byte + -n_byte % 8
    message = _from_wire(header["message"], arrays)
    if message["kind"] not in ("request", "result", "error", "progress", "event", "cancel"):
        raise ValueError(f"expected a message of a known kind, got {message['kind']}")
    return message


def _to_wire(value, arrays):
    if isinstance(value, numpy.ndarray):
        array = numpy.ascontiguousarray(value)
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if array.dtype.str[1:] not in _TYPES:
            raise ValueError(f"expected an array of {', '.join(sorted(_TYPES))}, got {value.dtype}")
        arrays.append(array)
        return {"$buffer": len(arrays) - 1}
    if isinstance(value, dict):
        return {key: _to_wire(item, arrays) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_to_wire(item, arrays) for item in value]
    if isinstance(value, (float, numpy.floating)):
        return _number_to_wire(float(value))
    if isinstance(value, numpy.integer):
        return int(value)
    return value


def _number_to_wire(value):
    for name, special in _NUMBERS.items():
        if repr(value) == repr(special):
            return {"$number": name}
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _from_wire(value, arrays):
    if isinstance(value, dict):
        if "$buffer" in value:
            return arrays[value["$buffer"]]
        if "$number" in value:
            return _NUMBERS[value["$number"]]
        return {key: _from_wire(item, arrays) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_wire(item, arrays) for item in value]
    return value
