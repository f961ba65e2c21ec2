"""The command service: the one door through which our code changes stock.

Promise: every command counts exactly once, in the order of its device, and its
effect and its record are one commit.  See docs/operations.md for the protocol
and engine/commands.py for the envelope.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, fields, models, modules
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from odoo.tools.misc import clean_context
from psycopg2 import errors as pg_errors

from .. import messages
from ..engine import commands
from ..exceptions import Busy, Conflict, Refusal
from . import locks

_logger = logging.getLogger(__name__)

# What another transaction may do to ours: try again at once with a new snapshot,
# instead of Odoo's own retries, which sleep up to half a minute in the worker.
_CONCURRENCY = (
    pg_errors.SerializationFailure,
    pg_errors.DeadlockDetected,
    pg_errors.LockNotAvailable,
    ConcurrencyError,
)
_TRIES = 3
# Written by Odoo's own handling of a request, before any of our code.
FRAMEWORK_TABLES = {"res_device_log"}


@dataclass(frozen=True)
class Operation:
    """One thing a command can ask for.

    ``service``/``handler``: model and private method ``(args, command) -> dict``;
    ``args``: kinds as in :func:`..engine.commands.parse_args`; ``groups``: XML ids, one of
    which the user must have; ``keys``: private method of the service ``(args) -> LockKeys``.
    """

    service: str
    handler: str
    args: dict[str, str]
    groups: tuple[str, ...] = ("inventory_wms.group_worker", "inventory_wms.group_lead")
    keys: str = "_keys"


@dataclass
class CommandContext:
    """What a handler is told about the command it serves, and where it leaves its traces."""

    id: int
    op: str
    user: object  # res.users, not sudo: who acts
    device: object  # wms.device or empty
    expect: dict
    facts: dict = field(default_factory=dict)

    def note(self, **facts):
        """Record what was moved, for the audit: any of product, lot, quantity, location,
        location_dest, task, batch, reason (records or Decimals)."""
        self.facts.update({key: value for key, value in facts.items() if value})

    @property
    def is_lead(self):
        """Whether the acting user may decide for others."""
        return self.user.has_group("inventory_wms.group_lead")

    def check_company(self, record):
        """Refuse records of a company the acting user does not belong to (sudo hides the rules).

        :raises Refusal: ``other_company``
        """
        strangers = record.company_id - self.user.company_ids
        if strangers:
            raise Refusal("other_company", what=record[:1].display_name)


class WmsDoor(models.AbstractModel):
    _name = "wms.door"
    _description = "Command service"

    @api.model
    def _operations(self) -> dict[str, Operation]:
        """Every operation by name (``<flow>.<verb>``); add-ons and capabilities extend this."""
        return {}

    # ------------------------------------------------------------------ devices
    @api.model
    def _execute(self, raw) -> dict:
        """Run one command of a device, or answer what it was answered before.

        Must be the first thing a request does: it ends the current transaction.

        :param raw: the envelope as decoded JSON
        :return: ``{cmd_id, status, code, message, parts, result, rev, server_ts}``
        """
        try:
            envelope = commands.parse_envelope(raw)
        except commands.CommandError as error:
            return self._answer(_named_id(raw), "rejected", error.code, error.params)
        # replaced, not extended: the caller's defaults must be gone
        # pylint: disable-next=context-overridden
        self = self.with_context(clean_context(self.env.context))
        for _try in range(_TRIES):
            self._fresh_snapshot()
            try:
                return self._attempt(envelope)
            except (*_CONCURRENCY, Busy) as error:
                self.env.cr.rollback()
                _logger.info("command %s: %s", envelope.cmd_id, type(error).__name__)
                if isinstance(error, pg_errors.LockNotAvailable | Busy):
                    break
        return self._answer(envelope.cmd_id, "busy", "busy")

    def _attempt(self, envelope) -> dict:
        operation = self._operations().get(envelope.op)
        args, refused = self._read_args(operation, envelope)
        device = self._find_device(envelope)
        if not device:
            return self._answer(
                envelope.cmd_id, "rejected", "unknown_device", {"device": envelope.device_id}
            )
        self = self.with_company(device.company_id)
        keys = locks.LockKeys()
        if operation and not refused:
            keys = self._keys_of(operation, args)
        self._take_locks(locks.rows(keys, envelope.cmd_id, device.id))
        # What was read before the locks may be stale by now.
        if operation and not refused and self._keys_of(operation, args) != keys:
            raise Busy
        known = self._answer_from_record(envelope, device)
        if known:
            return known
        return self._run(envelope, device, operation, args, refused)

    def _read_args(self, operation, envelope):
        """Converted arguments, or the refusal that is the command's final answer."""
        if envelope.flaw:
            problem = self.env._("holds characters or numbers that can't be stored")
            return {}, Refusal("malformed", field=envelope.flaw, problem=problem)
        if not operation:
            return {}, Refusal("unknown_operation", op=envelope.op)
        if not any(self.env.user.has_group(group) for group in operation.groups):
            return {}, Refusal("not_allowed", op=envelope.op)
        try:
            return commands.parse_args(operation.args, envelope.args), None
        except commands.CommandError as error:
            return {}, Refusal(error.code, **error.params)

    def _keys_of(self, operation, args):
        # sudo: the locks are named after records that a worker may not read.
        try:
            return getattr(self.env[operation.service].sudo(), operation.keys)(args)
        except Refusal:
            return locks.LockKeys()  # the handler meets the same refusal and it is stored

    def _find_device(self, envelope):
        # sudo: workers have no access to the list of devices.
        return (
            self.env["wms.device"]
            .sudo()
            # a device that was switched off still gets the answers of what it did before
            .with_context(active_test=False)
            .search(
                [
                    ("uid", "=", envelope.device_id),
                    ("company_id", "in", self.env.user.company_ids.ids),
                ],
                limit=1,
            )
        )

    # --------------------------------------------------------- what is known already
    def _answer_from_record(self, envelope, device) -> dict | None:
        """The stored answer of a command that came before, or why it can't run now."""
        self.env.cr.execute(
            SQL(
                """
                SELECT (SELECT id FROM wms_command WHERE cmd_id = %s),
                       (SELECT max(seq) FROM wms_command WHERE device_id = %s)
                """,
                envelope.cmd_id,
                device.id,
            )
        )
        command_id, last = self.env.cr.fetchone()
        if command_id:
            # sudo: the record of a command is written and read by the door alone.
            return self._replay(envelope, self.env["wms.command"].sudo().browse(command_id))
        last = last or 0
        if not device.active:
            code, status = "device_revoked", "rejected"
        elif envelope.seq <= last:
            code, status = "seq_used", "rejected"
        elif envelope.seq > last + 1:
            code, status = "gap", "gap"
        else:
            return None
        params = {"seq": envelope.seq, "last": last, "next": last + 1, "device": device.name}
        return self._answer(envelope.cmd_id, status, code, params, {"last_seq": last})

    def _replay(self, envelope, command) -> dict:
        params = {"cmd_id": envelope.cmd_id}
        if command.user_id != self.env.user:
            return self._answer(envelope.cmd_id, "rejected", "cmd_other_user", params)
        if (command.digest, command.device_id.uid) != (envelope.digest, envelope.device_id):
            _logger.warning("command %s was sent again with other content", envelope.cmd_id)
            return self._answer(envelope.cmd_id, "rejected", "cmd_reused", params)
        return command._stored_answer()

    # --------------------------------------------------------------------- effect
    def _run(self, envelope, device, operation, args, refused) -> dict:
        started = time.perf_counter()
        # sudo: only the door writes the record of commands; the acting user stays in it.
        command = (
            self.env["wms.command"]
            .sudo()
            .create(
                {
                    "cmd_id": envelope.cmd_id,
                    "device_id": device.id,
                    "seq": envelope.seq,
                    "op": envelope.op,
                    **envelope.stored,
                    "digest": envelope.digest,
                    "client_ts": envelope.client_ts,
                    "user_id": self.env.uid,
                    "server_ts": fields.Datetime.now(),
                    "company_id": device.company_id.id,
                }
            )
        )
        context = CommandContext(
            command.id, envelope.op, self.env.user, device, dict(envelope.expect)
        )
        answer = self._effect(envelope.cmd_id, operation, args, context, refused)
        command._decide(answer, context.facts, (time.perf_counter() - started) * 1000)
        self.env.flush_all()
        return answer

    def _effect(self, cmd_id, operation, args, context, refused) -> dict:
        """Call the handler; a refusal undoes whatever it had begun."""
        try:
            if refused:
                raise refused
            with self.env.cr.savepoint():
                result = self._call(operation, args, context)
                self.env.flush_all()
        except Refusal as refusal:
            fresh = refusal.fresh if isinstance(refusal, Conflict) else {}
            return self._answer(cmd_id, refusal.status, refusal.code, refusal.params, fresh)
        except UserError as error:  # Odoo's own rules refused: final as well, in its words
            return self._answer(cmd_id, "rejected", "unexpected", {"text": str(error)})
        return self._answer(cmd_id, "applied", result.pop("code", "done"), result, result)

    def _call(self, operation, args, context) -> dict:
        # sudo: a worker has no rights on stock; the handler checks company, task and role.
        service = self.env[operation.service].sudo()
        service = service.with_company(context.device.company_id or self.env.company)
        handler: Callable = getattr(
            service.with_context(
                wms_command_id=context.id,
                wms_device_id=context.device.id,
                wms_user_id=context.user.id,
            ),
            operation.handler,
        )
        return handler(args, context) or {}

    def _answer(self, cmd_id, status, code, params=None, result=None) -> dict:
        params = {key: _plain(value) for key, value in (params or {}).items()}
        result = result or {}
        return {
            "cmd_id": cmd_id,
            "status": status,
            "code": code,
            "message": messages.sentence(self.env, code, params),
            "parts": messages.parts(self.env, code, params),
            "result": result,
            "rev": result.get("rev"),
            "server_ts": fields.Datetime.to_string(fields.Datetime.now()),
        }

    # ---------------------------------------------------------------------- locks
    def _fresh_snapshot(self):
        """End the request's transaction, so that the next one sees what is committed now.

        Whatever was written before belongs to the framework (it logs the browser of a
        session), so it is kept.  Off in tests, which live in one transaction.
        """
        if modules.module.current_test:
            return
        self.env.cr.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        if self.env.cr.fetchone()[0]:
            self.env.cr.commit()  # pylint: disable=invalid-commit
        else:
            self.env.cr.rollback()

    def _take_locks(self, wanted, wait_ms=locks.WAIT_MS):
        if modules.module.current_test:
            return
        cr = self.env.cr
        try:
            locks.acquire(cr, wanted, wait_ms)
            cr.rollback()  # the snapshot begins after the locks are held
        except BaseException:
            locks.release(cr)
            raise
        cr.postcommit.add(lambda: locks.release(cr))
        cr.postrollback.add(lambda: locks.release(cr))
        cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", str(wait_ms)))

    # ------------------------------------------------------------ buttons and crons
    @api.model
    def _execute_local(self, op: str, args: dict) -> dict:
        """Run an operation for a button or a cron: same locks, same audit, no device.

        :param op: name of an operation
        :param args: its arguments as JSON values
        :return: the result of the operation
        :raises UserError: when it is refused (nothing is stored then)
        """
        # replaced, not extended: the caller's defaults must be gone
        # pylint: disable-next=context-overridden
        self = self.with_context(clean_context(self.env.context))
        self._refuse_pending_writes()
        device = self.env["wms.device"]._office_device()
        envelope = _LocalEnvelope(self.env["wms.command"]._new_cmd_id(), op, args)
        for attempt in range(_TRIES):
            try:
                return self._attempt_local(envelope, device)
            except (*_CONCURRENCY, Busy) as error:
                self.env.cr.rollback()
                if attempt == _TRIES - 1:
                    raise UserError(messages.sentence(self.env, "busy")) from error
        raise AssertionError("unreachable")

    def _attempt_local(self, envelope, device) -> dict:
        operation = self._operations().get(envelope.op)
        args, refused = self._read_args(operation, envelope)
        if refused:
            raise UserError(messages.sentence(self.env, refused.code, refused.params))
        keys = self._keys_of(operation, args)
        self._take_locks(locks.rows(keys, envelope.cmd_id))
        if self._keys_of(operation, args) != keys:
            raise Busy
        answer = self._run(envelope, device, operation, args, None)
        if answer["status"] != "applied":
            raise UserError(answer["message"])
        return answer["result"]

    def _refuse_pending_writes(self):
        """The door ends the running transaction; work of the caller would be lost silently.

        Once an hour Odoo itself logs the browser of a session before our code runs; that
        is kept.
        """
        if modules.module.current_test:
            return
        if self.env.transaction.field_dirty or self._written_tables() - FRAMEWORK_TABLES:
            raise RuntimeError("a stock command must be the first thing its request does")
        self._fresh_snapshot()

    def _written_tables(self) -> set[str]:
        """Tables that this transaction has written to, as its locks show."""
        self.env.cr.execute(
            """
            SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
             WHERE l.pid = pg_backend_pid() AND l.mode = 'RowExclusiveLock' AND c.relkind = 'r'
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        )
        return {row[0] for row in self.env.cr.fetchall()}


@dataclass(frozen=True)
class _LocalEnvelope:
    """What a button or a cron asks for: no device, so no place in an order."""

    cmd_id: str
    op: str
    args: dict
    expect: dict = field(default_factory=dict)
    client_ts: str = ""
    seq: None = None
    flaw: str = ""

    @property
    def stored(self):
        return {"args": self.args, "expect": self.expect}

    @property
    def digest(self):
        return commands.digest({"op": self.op, "args": self.args, "expect": {}})


def _named_id(raw) -> str:
    """The id that a malformed command gives itself, so that its sender knows the answer is its."""
    cmd_id = raw.get("cmd_id") if isinstance(raw, dict) else None
    return cmd_id[:36] if isinstance(cmd_id, str) else ""


def _plain(value):
    """A fact of a sentence as text that JSON can hold."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return json.dumps(value, default=str)
