"""Lets a Python kernel offer Cleanbeam's comm target: sessions run in Node processes, and each connection to one is a
child whose standard input and output carry the channel's messages. Sent to the kernel as source; the standard library and
the kernel's own comm manager are all it needs."""

import json
import struct
import subprocess
import threading
import uuid

_MARKER = b"\0cleanbeam stream 1\n"


class _Relay:
    def __init__(self, command):
        self.command = list(command)

    def opened(self, comm, message):
        purpose = message["content"]["data"]
        if purpose["role"] == "channel":
            _Connection(comm, self.command + ["bridge", purpose["session"]])
        else:
            threading.Thread(target=self.session, args=(comm, purpose), daemon=True).start()

    def session(self, comm, purpose):
        try:
            if purpose["role"] == "attach":
                name = purpose["session"]
                self.ask(op="status", id=name)
            else:
                name = uuid.uuid4().hex[:12]
                settings = {"engine": "native", **purpose["settings"]}
                started = self.ask(op="start", id=name, packageId="relay", settings=settings, via=[])
                if "error" in started:
                    raise _Refused(started["error"])
        except _Refused as refusal:
            comm.send({"refused": refusal.args[0]})
            comm.close()
            return

        def on_message(message):
            if message["content"]["data"].get("close"):
                threading.Thread(target=close, daemon=True).start()

        def close():
            self.ask(op="stop", id=name)
            comm.send({"closed": True})
            comm.close()

        comm.on_msg(on_message)
        comm.send({"opened": {"session": name}})

    def ask(self, **request):
        done = subprocess.run(self.command + ["agent"], input=json.dumps(request).encode(), capture_output=True)
        lines = [line for line in done.stdout.decode().splitlines() if line.startswith("@answer ")]
        if not lines:
            raise _Refused({"tag": "RelayError", "message": done.stderr.decode()[-2000:], "fields": {}})
        answer = json.loads(lines[-1][len("@answer ") :])
        if "error" in answer:
            raise _Refused(answer["error"])
        return answer["value"]


class _Refused(Exception):
    """Carries {tag, message, fields}."""


class _Connection:
    def __init__(self, comm, command):
        self.comm = comm
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.child.stdin.write(_MARKER)
        comm.on_msg(self.on_message)
        comm.on_close(lambda message: self.child.kill())
        threading.Thread(target=self.read, daemon=True).start()

    def on_message(self, message):
        try:
            for buffer in message["buffers"]:
                self.child.stdin.write(struct.pack("<I", len(buffer)))
                self.child.stdin.write(buffer)
            self.child.stdin.flush()
        except OSError:
            pass  # The reader notices the end of the child too, and tells it.

    def read(self):
        stream = self.child.stdout
        stream.read(len(_MARKER))
        while True:
            head = stream.read(4)
            if len(head) < 4:
                break
            self.comm.send({}, buffers=[stream.read(*struct.unpack("<I", head))])
        self.comm.close()


def start(command):
    relay = _Relay(command)
    get_ipython().kernel.comm_manager.register_target("cleanbeam.session", relay.opened)  # noqa: F821
