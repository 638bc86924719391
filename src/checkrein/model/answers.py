"""Answers to questions about an app: ``compare/`` makes these, ``report/`` shows them."""

from __future__ import annotations

from msgspec import Struct

from checkrein.model.places import NOWHERE, Evidence, Place


class Way(Struct, frozen=True):
    """One line of an answer: who gets at what, how, and where to look.

    ``who`` and ``target`` are ids (resources, functions, roles, ``<deployment>@anyone``), or the
    caller's name where no id stands for it. ``rights`` are those of an ``Access``, ``unused`` the
    ones among them that no code was seen to use. ``level``: direct, takeover, influence, or ``""``
    where the line is about none. ``steps`` lead from the first of
    ``who`` to ``target``; ``alike`` are the first steps of the others, who go the same way on.
    """

    text: str
    who: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    level: str = ""
    rights: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    certain: bool = True
    steps: tuple[Evidence, ...] = ()
    alike: tuple[Evidence, ...] = ()


class Part(Struct, frozen=True):
    """Lines under one heading, the most dangerous first; ``id`` is the heading for programs."""

    id: str
    title: str
    ways: tuple[Way, ...]


class Explanation(Struct, frozen=True):
    """All there is to say of one thing. ``text`` is the most important sentence.

    ``kind``: resource, function, role or data. ``notes`` are short facts, each with its word.
    """

    subject: str
    kind: str
    text: str
    described: str
    place: Place = NOWHERE
    notes: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()


class Ruling(Struct, frozen=True):
    """A statement that had a say; ``kind`` is that of its policy, as AWS calls it."""

    kind: str
    effect: str  # Allow, Deny
    certain: bool
    said: Evidence


class Answer(Struct, frozen=True):
    """Whether actions are allowed: ``yes``, ``maybe`` or ``no``, all for the same reasons.

    ``depends`` says on what a maybe depends, and why a no is one.
    """

    actions: tuple[str, ...]
    answer: str
    depends: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()


class Decided(Struct, frozen=True):
    """The answer to one question: who, what, and all answers; ``answer`` sums them up.

    ``otherwise`` are ways by which the principal gets at it through others.
    """

    principal: str
    action: str
    resource: str
    answer: str
    text: str
    answers: tuple[Answer, ...]
    otherwise: tuple[Way, ...] = ()
