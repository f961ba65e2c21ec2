"""Every sentence that a command can be answered with.

One entry per code: what happened, on what, and what to do now.  Other add-ons
add their entries with :func:`register`.  Codes are stable (clients branch on
them); the words may change and are translated.
"""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True)
class Message:
    """A sentence in three parts.

    ``title``: what happened; ``detail``: on what (``%(name)s`` placeholders);
    ``next_step``: what to do now; ``severity``: info, question or error.
    """

    title: object
    detail: object = ""
    next_step: object = ""
    severity: str = "error"


CATALOGUE: dict[str, Message] = {}


def register(entries: dict[str, Message]) -> None:
    """Add sentences to the catalogue.

    :raises ValueError: when a code is taken already
    """
    taken = sorted(CATALOGUE.keys() & entries.keys())
    if taken:
        raise ValueError(f"messages are defined twice: {', '.join(taken)}")
    CATALOGUE.update(entries)


def parts(env, code: str, params: dict | None = None) -> dict:
    """The sentence of ``code`` in the user's language.

    :return: ``{"title": str, "detail": str, "next": str, "severity": str}``
    """
    entry = CATALOGUE.get(code) or CATALOGUE["unexpected"]
    values = _Facts(params or {"code": code})

    def fill(text):
        return env._(text) % values if text else ""  # pylint: disable=translation-not-lazy

    return {
        "title": fill(entry.title),
        "detail": fill(entry.detail),
        "next": fill(entry.next_step),
        "severity": entry.severity,
    }


def sentence(env, code: str, params: dict | None = None) -> str:
    """The three parts of :func:`parts` as one line of text."""
    found = parts(env, code, params)
    return " ".join(text for text in (found["title"], found["detail"], found["next"]) if text)


class _Facts(dict):
    """A missing fact prints as a question mark: a sentence must never raise."""

    def __missing__(self, key):
        return "?"


register(
    {
        "done": Message(_lt("Done."), severity="info"),
        "unexpected": Message(
            _lt("This can't be done."), _lt("%(text)s"), _lt("Ask the lead if it stays so.")
        ),
        "malformed": Message(
            _lt("The command is not complete."),
            _lt("%(field)s: %(problem)s."),
            _lt("Nothing was booked. Update the app, or correct the sender."),
        ),
        "unknown_operation": Message(
            _lt("This operation is not known."),
            _lt("Operation %(op)s."),
            _lt("Update the app; nothing was booked."),
        ),
        "quantity_text": Message(
            _lt("That is not a number."),
            _lt("%(field)s: “%(value)s”."),
            _lt("Type the quantity with digits."),
        ),
        "quantity_not_positive": Message(
            _lt("The quantity must be more than zero."),
            _lt("%(field)s: %(value)s."),
            _lt("Use Short if nothing is there."),
        ),
        "quantity_negative": Message(
            _lt("The quantity can't be negative."),
            _lt("%(field)s: %(value)s."),
            _lt("Type what is there, zero or more."),
        ),
        "quantity_huge": Message(
            _lt("The quantity is too large."),
            _lt("%(field)s: %(value)s; at most %(limit)s in one step."),
            _lt("Did you scan a bar code into the quantity? Type it again."),
        ),
        "quantity_precision": Message(
            _lt("The quantity has too many decimals."),
            _lt("%(field)s: %(value)s; at most %(digits)s decimals."),
            _lt("Round it and send it again."),
        ),
        "unknown_device": Message(
            _lt("This device is not enrolled."),
            _lt("Device %(device)s."),
            _lt("Sign in again on this device, or ask the lead to enrol it."),
        ),
        "device_revoked": Message(
            _lt("This device was switched off."),
            _lt("Device %(device)s."),
            _lt("Take another device, or ask the lead."),
        ),
        "seq_used": Message(
            _lt("This step number was used already."),
            _lt("Step %(seq)s; the last one decided is %(last)s."),
            _lt("Reload the page; nothing was booked."),
        ),
        "gap": Message(
            _lt("An earlier step is missing."),
            _lt("Step %(seq)s arrived; %(next)s comes next."),
            _lt("Send the missing steps first, in order."),
        ),
        "cmd_reused": Message(
            _lt("The same command came with other content."),
            _lt("Command %(cmd_id)s."),
            _lt("Nothing was booked. Reload the page and scan again."),
        ),
        "cmd_other_user": Message(
            _lt("This command belongs to somebody else."),
            _lt("Command %(cmd_id)s."),
            _lt("The person who scanned it signs in again, or the lead takes it over."),
        ),
        "busy": Message(
            _lt("Somebody else is moving the same goods."),
            "",
            _lt("Nothing was booked. It is sent again in a moment."),
            "info",
        ),
        "not_allowed": Message(
            _lt("You may not do this."),
            _lt("Operation %(op)s."),
            _lt("Ask the lead."),
        ),
        "other_company": Message(
            _lt("This belongs to another company."),
            _lt("%(what)s."),
            _lt("Switch the company, or ask the lead."),
        ),
        "not_found": Message(
            _lt("This is not there any more."),
            _lt("%(what)s."),
            _lt("Go back and take the next task."),
        ),
        "stale": Message(
            _lt("Somebody was faster."),
            _lt("%(what)s has changed meanwhile."),
            _lt("Look at the fresh state and decide again."),
            "question",
        ),
        "nothing_reserved": Message(
            _lt("No stock could be reserved."),
            _lt("%(what)s: %(reason)s."),
            _lt("Receive or count the goods, then reserve again."),
        ),
        "above_demand": Message(
            _lt("That is more than needed."),
            _lt("Needed %(demand)s, already %(done)s, now %(quantity)s more."),
            _lt("Put the surplus back; nothing was booked."),
        ),
    }
)
