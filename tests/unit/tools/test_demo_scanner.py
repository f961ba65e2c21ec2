"""A scanner in a corner with bad reception, against a real server on this machine."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.demo.picker import LOSE_EVERY, Scanner
from tools.device_client import Patience, Session


class Door(BaseHTTPRequestHandler):
    """Counts every command once and answers a known one from memory, a little late."""

    def do_POST(self):
        """Sign in, or decide a command."""
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["params"]
        if self.path.endswith("authenticate"):
            self._answer({"uid": 1})
            return
        with self.server.lock:
            known = sent["cmd_id"] in self.server.effects
            self.server.effects.setdefault(sent["cmd_id"], sent["seq"])
        time.sleep(0.03)
        status = "replayed" if known else "applied"
        self._answer({"cmd_id": sent["cmd_id"], "status": status, "code": "done", "result": {}})

    def _answer(self, result):
        body = json.dumps({"jsonrpc": "2.0", "result": result}).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.server.unheard += 1

    def log_message(self, *_words):
        """Quiet."""


@pytest.fixture
def door():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.effects, server.lock, server.unheard = {}, threading.Lock(), 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_lost_answers_cost_a_repetition_and_no_effect_is_doubled(door):
    session = Session(f"http://127.0.0.1:{door.server_port}", "db", "ana", "x")
    scanner = Scanner(session, "uid", patience=Patience(first=0.01))
    commands = 3 * LOSE_EVERY
    for _number in range(commands):
        assert scanner.command("pick.scan_item")["status"] in ("applied", "replayed")
    assert scanner.unknown >= 3
    assert scanner.replayed == scanner.unknown
    assert sorted(door.effects.values()) == list(range(1, commands + 1))
    assert session.timeout == 30
