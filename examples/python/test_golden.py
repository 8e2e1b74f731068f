"""The client's bytes against the frozen ones of the protocol: python -m unittest, in this folder."""

import json
import pathlib
import unittest

import numpy
from cleanbeam_client import decode_message, decode_packet, encode_message, encode_packet

BOUNDARY = pathlib.Path(__file__).parents[2] / "boundary"


def described(value):
    """What the JSON beside a golden file stands for: {"$f4": […]} is an array, names stand for special numbers."""
    numbers = {"NaN": numpy.nan, "Infinity": numpy.inf, "-Infinity": -numpy.inf, "-0": -0.0}
    if isinstance(value, dict):
        for key, items in value.items():
            if len(value) == 1 and key[0] == "$" and isinstance(items, list):
                return numpy.array([numbers.get(item, item) for item in items], "<" + key[1:])
            if len(value) == 1 and key == "$number":
                return numbers[items]
        return {key: described(item) for key, item in value.items()}
    return [described(item) for item in value] if isinstance(value, list) else value


def plain(value):
    """Comparable: arrays as their type and bytes, numbers by their digits."""
    if isinstance(value, numpy.ndarray):
        return (value.dtype.str, value.tobytes())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return repr(float(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class Frames(unittest.TestCase):
    def test_messages(self):
        paths = sorted((BOUNDARY / "protocol/golden").glob("*.json"))
        paths = [path for path in paths if path.with_suffix(".bin").exists()]
        self.assertGreater(len(paths), 8)
        for path in paths:
            with self.subTest(path.stem):
                message = described(json.loads(path.read_text()))
                frame = path.with_suffix(".bin").read_bytes()
                decoded = decode_message(frame)
                # Later versions add fields, which do no harm.
                known = {key: decoded[key] for key in message}
                self.assertEqual(plain(known), plain(message))
                if known.keys() == decoded.keys():
                    self.assertEqual(encode_message(message), frame)

    def test_refusals(self):
        refused = sorted((BOUNDARY / "protocol/golden").glob("refused-*.bin"))
        self.assertEqual(len(refused), 5)
        for path in refused:
            with self.subTest(path.stem), self.assertRaises((ValueError, IndexError)):
                decode_message(path.read_bytes())


class Packets(unittest.TestCase):
    golden = json.loads((BOUNDARY / "channel/golden/packets.json").read_text())

    def test_handshake(self):
        for case in self.golden["handshake"]:
            packet = decode_packet(bytes.fromhex(case["hex"]))
            self.assertEqual((packet["type"], packet["payload"]), (case["type"], case["content"]))
            self.assertEqual(encode_packet(case["type"], payload=case["content"]).hex(), case["hex"])

    def test_packets(self):
        for case in self.golden["packets"]:
            expected = {**case["packet"], "payload": bytes(case["packet"]["payload"])}
            packet = decode_packet(bytes.fromhex(case["hex"]))
            self.assertEqual({**packet, "payload": bytes(packet["payload"])}, expected)
            kind = expected.pop("type")
            self.assertEqual(encode_packet(kind, **expected).hex(), case["hex"])


if __name__ == "__main__":
    unittest.main()
