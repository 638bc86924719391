"""A library's model that is not asked for a function, by its name, would not have known it.

What a name tells is remembered, so that most calls ask no model at all; each ``concerns`` says
for which names its ``call`` may answer, and must grow with it. Here every function that the
examples of all checks call is put to every model.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checkrein import checks
from checkrein.code import analyse, frameworks
from checkrein.code.harm import schemas, validators
from checkrein.code.libraries import library, stores, web
from checkrein.model import Code, Function

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract, Sources
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments, Library
    from checkrein.code.running.interpreter import Interpreter

FENCE = re.compile(
    r"^```(python|javascript|typescript) \w+[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
ENDINGS = {"python": "py", "javascript": "js", "typescript": "ts"}


MODELS = (
    library._sdk,
    stores.call,
    schemas.call,
    validators.call,
    frameworks.call,
    library._logged,
    library._special,
    web.call,
    library._listed,
)


def programs() -> list[tuple[str, str]]:
    """Return the code of all checks' examples, with its language."""
    return sorted(
        {(fence[1], fence[2]) for check in checks.load() for fence in FENCE.finditer(check.docs)}
    )


@pytest.mark.skipif(not library.__file__.endswith(".py"), reason="compiled code calls itself")
def test_a_model_that_is_not_asked_would_not_have_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_over: set[str] = set()
    called: set[str] = set()
    modelled = library._modelled

    def watched(
        run: Interpreter,
        one: Library,
        given: Arguments,
        sources: Sources,
        scope: Scope,
        models: tuple[library.Model, ...],
    ) -> Abstract:
        called.add(one.name)
        assert set(models) <= set(MODELS)
        for model in set(MODELS) - set(models):
            if model(run, one, given, scope) is not None:
                passed_over.add(f"{model.__module__} knows {one.module} {one.path}")
        return modelled(run, one, given, sources, scope, models)

    monkeypatch.setattr(library, "_modelled", watched)
    for number, (language, text) in enumerate(programs()):
        folder = tmp_path / str(number)
        folder.mkdir()
        file = f"app.{ENDINGS[language]}"
        (folder / file).write_text(text)
        kind = "python" if language == "python" else "javascript"
        code = Code(folder=".", file=file)
        analyse(
            folder,
            Function(id="t/F", runtime="", language=kind, handler="app.handler", code=code),
        )
    assert len(called) > 300
    assert passed_over == set()
