"""A small client of Cleanbeam sessions in Python: standard library and numpy, nothing else.

    from cleanbeam_client import connect
    session = connect("http://127.0.0.1:8123/?token=…")      # the address cleanbeam printed
    session.call("mask.edit", op="add", region={"shape": "circle", "centre": [128, 128], "radius": 20})
    print(session.call("gclean.next")["record"]["stopDescription"])

The protocol is described in docs/protocol.md.
"""

from .frames import decode_message, encode_message
from .packets import decode_packet, encode_packet
from .session import CallError, Session, connect

__all__ = ["CallError", "Session", "connect", "decode_message", "decode_packet", "encode_message", "encode_packet"]
