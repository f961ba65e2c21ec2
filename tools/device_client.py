"""The device's half of the command protocol, for everything that is not a browser.

A `Session` is a person signed in over HTTP. A `Device` is a scanner in somebody's hand: it numbers
its commands 1, 2, 3 ..., gives each an id before the first send and sends it again, under the same
id, until an answer about this id has arrived. Rules (docs/operations.md):

* only an answer with our ``cmd_id`` counts; a JSON-RPC error, HTML, 403, 404, 5xx, a reset or a cut
  line mean *unknown*: wait (longer each time, with chance in it) and send the same again;
* ``busy`` and ``gap`` are not stored by the server; after a gap the missing steps are sent again;
* ``applied``, ``replayed``, ``rejected`` and ``conflict`` are final;
* an expired session is signed in again by the same person, and the command goes on.

Standard library only.
"""

import contextlib
import http.client
import json
import os
import random
import time
import urllib.parse
from dataclasses import dataclass, field

FINAL = ("applied", "replayed", "rejected", "conflict")
_EXPIRED = 100  # code of Odoo's JSON-RPC error "session expired"
_KEPT = 200  # own envelopes kept for a gap


class Refused(Exception):
    """The server answered, and the answer is no; ``code`` names the sentence."""

    def __init__(self, code: str, message: str):
        self.code = code
        super().__init__(f"{code}: {message}")


class Unknown(Exception):
    """No usable answer arrived: what was asked may or may not have happened."""


class Expired(Unknown):
    """The session is over; sign in and ask again."""


class Session:
    """One person signed in over HTTP; one connection per request, as a phone that moves about."""

    def __init__(
        self, base_url: str, database: str, login: str, password: str, timeout: float = 30
    ):
        self.login = login
        self.timeout = timeout
        self._password = password
        self._database = database
        self._url = urllib.parse.urlsplit(base_url)
        self._cookie = ""
        self.uid = 0
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in (again); :raises Unknown: when the server does not answer usably."""
        self._cookie = ""
        answer = self.rpc(
            "/web/session/authenticate",
            {"db": self._database, "login": self.login, "password": self._password},
        )
        if not isinstance(answer, dict) or not answer.get("uid"):
            raise Refused("login", f"{self.login} could not sign in")
        self.uid = answer["uid"]

    def forget(self) -> None:
        """Lose the session's cookie, as after its expiry."""
        self._cookie = "session_id=" + "0" * 84

    def through(self, base_url: str) -> "Session":
        """The same person and session by another address, such as a proxy."""
        other = object.__new__(Session)
        other.__dict__.update(self.__dict__, _url=urllib.parse.urlsplit(base_url))
        return other

    def rpc(self, path: str, params: dict) -> object:
        """Call a JSON route.

        :raises Refused: Odoo answered with an error
        :raises Expired: the session is over
        :raises Unknown: anything else that is not the answer
        """
        status, body = self._post(path, {"jsonrpc": "2.0", "method": "call", "params": params})
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise Unknown(f"{path}: HTTP {status}, no JSON") from error
        if not isinstance(answer, dict) or status != 200:
            raise Unknown(f"{path}: HTTP {status}")
        if "error" in answer:
            if answer["error"].get("code") == _EXPIRED:
                raise Expired(f"{path}: session expired")
            data = answer["error"].get("data") or {}
            raise Refused(data.get("name", "error"), data.get("message", str(answer["error"])))
        return answer.get("result")

    def call(self, model: str, method: str, *args, **kwargs) -> object:
        """Call a public method of a model as the web client does."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        return self.rpc(f"/web/dataset/call_kw/{model}/{method}", params)

    def search(self, model: str, domain: list, fields: list[str], **options) -> list[dict]:
        """`search_read` with the given fields."""
        return self.call(model, "search_read", domain, fields, **options)

    def _post(self, path: str, payload: dict) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "Connection": "close"}
        if self._cookie:
            headers["Cookie"] = self._cookie
        connection = http.client.HTTPConnection(self._url.netloc, timeout=self.timeout)
        with contextlib.closing(connection):
            try:
                connection.request("POST", path, json.dumps(payload), headers)
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException) as error:
                raise Unknown(f"{path}: {type(error).__name__} {error}") from error
        for cookie in response.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("session_id="):
                self._cookie = cookie.split(";")[0]
        return response.status, body


@dataclass(frozen=True)
class Patience:
    """Seconds: first pause, longest pause, and how long one command is tried at all."""

    first: float = 0.3
    longest: float = 10.0
    budget: float = 300.0


@dataclass
class Device:
    """Commands of one device, sent one after the other until each is decided.

    ``sent`` counts sends, ``replayed`` the answers "you had this before", ``seconds`` holds the
    time of each answered send, ``resolved`` the time from first send to decision per command.
    """

    session: Session
    uid: str
    seq: int = 0
    patience: Patience = Patience()
    dice: random.Random = field(default_factory=random.Random)
    sent: int = 0
    replayed: int = 0
    busy: int = 0
    unknown: int = 0
    expired: int = 0
    gaps: int = 0
    seconds: list[float] = field(default_factory=list)
    resolved: list[float] = field(default_factory=list)
    _own: dict[int, dict] = field(default_factory=dict)

    def resume(self) -> int:
        """Ask the server for the last decided step and go on behind it (after lost storage)."""
        self.seq = self.status([])["last_seq"]
        return self.seq

    def envelope(self, op: str, expect: dict | None = None, **args) -> dict:
        """The next command, numbered and named; it must be sent before the one after it."""
        self.seq += 1
        envelope = {
            "cmd_id": new_id(),
            "device_id": self.uid,
            "seq": self.seq,
            "op": op,
            "args": args,
            "expect": expect or {},
            "client_ts": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        self._own[self.seq] = envelope
        self._own.pop(self.seq - _KEPT, None)
        return envelope

    def command(self, op: str, expect: dict | None = None, **args) -> dict:
        """Send a new command until it is decided; return its answer.

        :raises Refused: when the answer is a refusal or a conflict (both are final)
        :raises Unknown: when the budget of patience is spent
        """
        answer = self.send(self.envelope(op, expect, **args))
        if answer["status"] not in ("applied", "replayed"):
            raise Refused(answer["code"], answer["message"])
        return answer

    def repeat(self) -> dict:
        """Send the last command once more, as a device does that lost the answer."""
        return self.send(self._own[self.seq])

    def send(self, envelope: dict) -> dict:
        """Send an envelope until its answer is final; return the answer, whatever it says.

        :raises Unknown: when the budget of patience is spent
        """
        started = time.monotonic()
        pause = self.patience.first
        while True:
            problem = self._attempt(envelope)
            if isinstance(problem, dict):
                self.resolved.append(time.monotonic() - started)
                return problem
            if time.monotonic() - started > self.patience.budget:
                raise Unknown(
                    f"{envelope['op']}: not decided in time; last: {problem}; call the lead"
                )
            time.sleep(pause * self.dice.uniform(0.5, 1.0))
            pause = min(pause * 2, self.patience.longest)

    def _attempt(self, envelope: dict) -> dict | str:
        """One send: the final answer, or the reason why there is none yet."""
        try:
            answer = self.once(envelope)
        except Expired as error:
            self.expired += 1
            with contextlib.suppress(Unknown):
                self.session.sign_in()
            return str(error)
        except (Unknown, Refused) as error:
            self.unknown += 1
            return str(error)
        if answer["status"] in FINAL:
            self.replayed += answer["status"] == "replayed"
            return answer
        self.busy += answer["status"] == "busy"
        if answer["status"] == "gap":
            self.gaps += 1
            self._fill_gap(answer, envelope)
        return answer["status"]

    def once(self, envelope: dict) -> dict:
        """Send an envelope exactly once.

        :return: the server's answer about this command
        :raises Unknown: or Refused, when what came is no such answer
        """
        self.sent += 1
        started = time.monotonic()
        answer = self.session.rpc("/wms/command", envelope)
        if not isinstance(answer, dict) or answer.get("cmd_id") != envelope["cmd_id"]:
            if isinstance(answer, dict) and answer.get("code") == "malformed":
                raise ValueError(f"this client made a malformed command: {answer}")
            raise Unknown("an answer about something else")
        self.seconds.append(time.monotonic() - started)
        return answer

    def _fill_gap(self, answer: dict, envelope: dict) -> None:
        """Send the steps again that the server has not seen; their answers were final once."""
        for seq in range(answer["result"]["last_seq"] + 1, envelope["seq"]):
            if seq not in self._own:
                raise Unknown(f"step {seq} is lost; enrol the device anew")
            with contextlib.suppress(Unknown, Refused):
                self.once(self._own[seq])

    def status(self, cmd_ids: list[str]) -> dict:
        """What the server knows about commands: ``{"commands": {...}, "last_seq": int}``."""
        params = {"cmd_ids": cmd_ids, "device_id": self.uid}
        return self.session.rpc("/wms/command/status", params)


def new_id() -> str:
    """A UUIDv7: 48 bits of Unix milliseconds, then chance."""
    number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | (0x7 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
