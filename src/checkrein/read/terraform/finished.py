"""What an evaluated block becomes in an instance: plain containers, structure, places."""

from __future__ import annotations

from typing import Any

from checkrein.model import Path, Place
from checkrein.model.values import Choice, Open, Symbol, Text, Value, choice
from checkrein.read.terraform.configuration import STAND_IN
from checkrein.read.terraform.containers import Answers, places_of
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.scopes import Work
from checkrein.read.terraform.structured import Written, is_structured, structured
from checkrein.read.terraform.unknowns import ModuleReference, Reference, faultless

MOST = 20_000  # values of one instance


class _Finish:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.places: dict[Path, Place] = {}
        self.left = MOST

    def value(self, value: Value, path: Path) -> Value:
        self.work.step()
        self.left -= 1
        if self.left < 0:
            return Open("an argument of more than 20,000 values")
        if isinstance(value, (Text, str)) and is_structured(value):
            value = self._structured(value)
        if isinstance(value, Json):
            return Json(self.value(value.value, path))
        if isinstance(value, Answers):
            return Open(f"{value.what} are only known when Terraform runs")
        if isinstance(value, (dict, list)):
            return self._inside(value, path)
        if isinstance(value, Choice):
            value = faultless(value)
        if isinstance(value, Choice):
            options = [(when, self.value(option, path)) for when, option in value.options]
            return choice(options) if not _mixed(options) else Choice(tuple(options))
        return self._whole(value)

    def _whole(self, value: Value) -> Value:
        if isinstance(value, Reference):
            return Symbol(value.address, "id")
        return Open(f"all of {value.address}") if isinstance(value, ModuleReference) else value

    def _structured(self, value: Value) -> Value:
        kept = self.work.written.get(id(value))
        written = Written(*kept[1:]) if kept else None
        if written and written.path.startswith(STAND_IN):
            written = None
        return structured(value, written)

    def _inside(self, value: Any, path: Path) -> Value:
        self._note(value, path)
        if isinstance(value, list):
            return [self.value(item, (*path, i)) for i, item in enumerate(value)]
        return {key: self.value(item, (*path, key)) for key, item in value.items()}

    def _note(self, value: Any, path: Path) -> None:
        for key, place in places_of(value).items():
            if not place.path.startswith(STAND_IN):
                self.places.setdefault((*path, key), place)


def _mixed(options: list[tuple[Any, Value]]) -> bool:
    """Tell whether options of several kinds are to be kept apart: true is not 1."""
    return len({type(value) for _, value in options}) > 1


def finished(values: dict[str, Any], work: Work) -> tuple[dict[str, Any], dict[Path, Place]]:
    """Return an instance's values, and where each is written."""
    finish = _Finish(work)
    return {key: finish.value(item, (key,)) for key, item in values.items()}, {
        **finish.places,
        **{(key,): place for key, place in places_of(values).items()},
    }


def finished_value(value: Value, work: Work) -> Value:
    return _Finish(work).value(value, ())
