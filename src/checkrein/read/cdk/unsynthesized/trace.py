"""What a CDK program does when it runs, as far as it plainly says.

Names are those of TypeScript, in every language that a program is written in:
``aws_lambda.Function`` whether it was imported from ``aws-cdk-lib/aws-lambda``,
``@aws-cdk/aws-lambda`` or ``aws_cdk.aws_lambda``; ``tableName`` for ``table_name``, also for the
keywords of calls, but not for the keys of dicts that a program writes. The core has no module:
``Stack``, ``Duration``, ``Construct`` (of ``constructs`` too); ``-alpha`` is left out
(``aws_lambda_python.PythonFunction``). What other packages have begins with the package:
``@acme/lib.Thing``.

- A name of a package is one ``Package``, however long: ``aws_lambda.Runtime.NODEJS_20_X``. A call
  of a class's or module's function is ``Called(Package("aws_lambda.Code"), "fromAsset", [...])``.
- Python's structs are instances: ``Attribute(name="id", type=...)`` is ``New("aws_dynamodb.
  Attribute", [{"name": ..., "type": ...}])``, where TypeScript writes only the dict.
- ``cfn.prop = value`` on what a package made is ``Called(cfn, "=", ["prop", value])``.
- A method called on a ``Choice`` is a ``Called`` of each alternative, none of them sure.
- ``Stack.of(x)`` is the ``New`` of the stack, ``Lazy.string({produce})`` what it produces.
- Lists and dicts are what they were when they were handed over; made objects are the same object
  everywhere.
- A path that a program makes absolute (``__dirname``, ``Path(__file__).parent``) begins with
  ``HOME``, which stands for the scanned folder; any other is relative to the app's folder.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from checkrein.model import Place

HOME = "/service"  # the scanned folder, where a program asks for absolute paths

# None, bool, int, float, str, list and dict (of Traced), and the classes below
Traced = Any


class Unknown(Struct, eq=False):
    """What only running tells: the environment, a package's function, context."""

    why: str
    place: Place


class Text(Struct, eq=False):
    """A text that is put together: texts and other values in turn."""

    parts: list[Traced]


class Choice(Struct, eq=False):
    """One of several values; nobody knows which."""

    among: list[Traced]


class Package(Struct, eq=False):
    """A module, class or function of a package by its name: ``aws_lambda.Runtime``."""

    name: str


class Member(Struct, eq=False):
    """``of.name`` of something that is not plainly known: ``table.tableName``, ``api.root``."""

    of: Traced
    name: str


class New(Struct, eq=False):
    """An instance of a package's class, or of a class of the team that extends one.

    ``kind`` is the package's class. A construct has a ``scope`` and an ``id``; all else that is
    made (``new LambdaIntegration(handler)``) has neither. ``arguments`` leave scope and id out, so
    that the first one is the properties of a construct. ``sure`` is False where it is made under a
    condition that nobody knows.
    """

    kind: str
    arguments: list[Traced]
    place: Place
    scope: New | None = None
    id: Traced = None
    sure: bool = True


class Called(Struct, eq=False):
    """The result of a package's function or method: ``of`` is what it was called on.

    ``Duration.seconds(3)`` is ``Called(Package("Duration"), "seconds", [3])``; keywords come last,
    as a dict.
    """

    of: Traced
    name: str
    arguments: list[Traced]
    place: Place
    sure: bool = True


class Trace(Struct, eq=False):
    """Of one program: all that was made and called, in this order, and what was not followed."""

    done: list[New | Called]
    lost: list[Unknown]
