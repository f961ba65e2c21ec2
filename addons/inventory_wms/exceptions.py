"""Typed refusals of the command service.

A refusal is an answer, not an accident: it names a sentence of the catalogue
(:mod:`..messages`) and the facts that sentence needs.
"""

from odoo.exceptions import UserError


class Refusal(UserError):
    """The command can't be done; nothing was booked and the answer is final.

    :param code: key of the catalogue of sentences
    :param params: named values of that sentence
    """

    status = "rejected"

    def __init__(self, code: str, **params):
        self.code = code
        self.params = params
        super().__init__(code)


class Conflict(Refusal):
    """The sender's expectation (``expect``) is out of date; the fresh state is in the answer."""

    status = "conflict"

    def __init__(self, code: str, fresh: dict | None = None, **params):
        self.fresh = fresh or {}
        super().__init__(code, **params)


class Busy(Exception):
    """Someone else holds the same goods right now; nothing is stored, send the command again."""
