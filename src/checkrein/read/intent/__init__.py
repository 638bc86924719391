"""What the team declares in ``checkrein.yaml``; docs/intent.md has every key.

::

    data:
      pii.email: 7                  # value 0 to 10
      biz.loyalty:                  # a class of a known family may be new
        value: 5
        title: loyalty card number
        names: [loyaltyNo, "loyalty_*"]
        patterns: ["LC-[0-9]{10}"]
    names:
      card: none                    # of cards to play with
      memo: phi.record
    resources:
      api/template/Orders:          # an id as reports print it, or a new one with a type
        holds: [biz.order]          # meant to be there
        may_hold: [pii.email]       # accepted if it gets there
        fields: {note: phi.record}
      edge/Site:
        type: AWS::CloudFront::Distribution
        properties: {DistributionConfig: {Origins: [{DomainName: "${Website.DomainName}"}]}}
      app/Checkout: {code: src/checkout, handler: index.handler, events: [POST /orders]}
    links:
      api/template.TableName: data/template/Orders
    programs: [pci]
    settings: {fail_on: medium, persona: auditor, exclude: [legacy]}
    ignore:
      - id: public-function-url     # a check
        subject: api/template/*     # an id or a pattern, any if left out
        path: legacy/*              # of the file where the finding stands, any if left out
        reason: a public page
        expires: 2027-01-31         # the last day, never if left out

What cannot be meant is an Unread of its line, and everything else counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from checkrein import files
from checkrein.errors import InputError, IntentError
from checkrein.model import INTENT as FILE
from checkrein.model import Fact

if TYPE_CHECKING:
    from checkrein.notation import Tree

SECTIONS = ("data", "names", "resources", "links", "programs", "settings", "ignore")


class Settings(Struct, frozen=True):
    """What a team wants for everybody who runs checkrein here; the command line comes first."""

    fail_on: str = ""
    persona: str = ""
    exclude: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


def read_intent(root: Path, facts: Iterable[Fact] = (), *, complete: bool = False) -> list[Fact]:
    """Return what the file of a folder declares, beside the facts that were read of its templates.

    Decisions; Data for new classes; Stacks and Resources that it declares, as templates give
    them; an Unread for everything that cannot be meant. Ids are called unknown only where the
    facts are ``complete``. Without the file nothing is declared. Raise IntentError, with path and
    line, where the file is no YAML.
    """
    tree = _tree(root)
    if tree is None:
        return []
    from checkrein.read.intent.sections import declared_in  # noqa: PLC0415 - most have no file

    return declared_in(root, tree, facts, complete=complete)


def read_settings(root: Path) -> Settings:
    """Return the settings of a folder's file, without complaint: ``read_intent`` complains."""
    try:
        tree = _tree(root)
    except IntentError:
        return Settings()
    if tree is None or not isinstance(tree.value, dict):
        return Settings()
    from checkrein.read.intent import choices  # noqa: PLC0415 - most have no file
    from checkrein.read.intent.page import Page  # noqa: PLC0415 - as above

    page = Page(tree)
    told: dict[str, Any] = choices.settings(page)
    return Settings(**told, programs=choices.programs_of(page))


def _tree(root: Path) -> Tree | None:
    try:
        text = files.content(root / FILE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IntentError(f"{FILE} cannot be read: {error.strerror}", FILE) from None
    from checkrein.notation import parse  # noqa: PLC0415 - most have no file

    try:
        return parse(text, FILE)
    except IntentError:
        raise
    except InputError as error:
        raise IntentError(str(error), FILE, error.line) from None
