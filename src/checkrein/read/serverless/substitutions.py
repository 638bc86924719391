"""Texts in which CloudFormation's own variables meet the framework's."""

from __future__ import annotations

from typing import Any

from checkrein.late import regex
from checkrein.model import Place
from checkrein.model.values import Choice, Symbol, Text
from checkrein.read.serverless.written import Written

PSEUDO = regex(r"#\{([A-Za-z0-9:.]+)\}")


def substituted(part: Written) -> Written:
    """Return a ``Fn::Sub`` whose text holds values of the model as one that names them.

    CloudFormation fills in texts only; what stands between them becomes its named arguments.
    """
    if set(part.value) != {"Fn::Sub"}:
        return part
    argument = part.value["Fn::Sub"]
    template = (
        argument.value[0] if isinstance(argument.value, list) and argument.value else argument
    )
    if not isinstance(template.value, (Text, Symbol, Choice)):
        return part
    named = {}
    if template is not argument and len(argument.value) > 1:
        named = dict(argument.value[1].items())
    pieces = template.value.parts if isinstance(template.value, Text) else (template.value,)
    line = ""
    for index, piece in enumerate(pieces):
        line += piece if isinstance(piece, str) else f"${{Variable{index}}}"
        if not isinstance(piece, str):
            named[f"Variable{index}"] = Written(piece, template.place)
    both = [Written(line, template.place), Written(named, template.place)]
    return Written({"Fn::Sub": Written(both, argument.place)}, part.place)


def with_pseudo_parameters(part: Written, *, inside: bool = False) -> Written:
    """Return a part with ``#{AWS::Region}`` and ``#{LogicalId.Attribute}`` as CloudFormation's.

    So the plugin serverless-pseudo-parameters writes them; ``inside`` of a ``Fn::Sub`` they are
    its variables.
    """
    if isinstance(part.value, dict):
        items = part.value.items()
        inner = {k: with_pseudo_parameters(v, inside=inside or k == "Fn::Sub") for k, v in items}
        return Written(inner, part.place)
    if isinstance(part.value, list):
        listed = [with_pseudo_parameters(item, inside=inside) for item in part.value]
        return Written(listed, part.place)
    if isinstance(part.value, str) and inside:
        return Written(PSEUDO.sub(r"${\1}", part.value), part.place)
    if isinstance(part.value, (str, Text)):
        return _joined(part.value, part.place)
    return part


def _joined(value: str | Text, place: Place) -> Written:
    pieces = [
        found
        for piece in (value.parts if isinstance(value, Text) else (value,))
        for found in (_split(piece) if isinstance(piece, str) else [piece])
    ]
    if not any(isinstance(piece, dict) for piece in pieces):
        return Written(value, place)
    parts = [_written(piece, place) for piece in pieces if piece != ""]
    if len(parts) == 1:
        return parts[0]
    arguments = Written([Written("", place), Written(parts, place)], place)
    return Written({"Fn::Join": arguments}, place)


def _split(line: str) -> list[Any]:
    """Return a text's plain pieces, and what stands between them as intrinsics."""
    pieces: list[Any] = PSEUDO.split(line)
    return [_intrinsic(piece) if index % 2 else piece for index, piece in enumerate(pieces)]


def _intrinsic(name: str) -> dict[str, Any]:
    if "." in name:
        return {"Fn::GetAtt": name.split(".", 1)}
    return {"Ref": name}


def _written(piece: Any, place: Place) -> Written:
    if isinstance(piece, dict):
        return Written({k: _written(v, place) for k, v in piece.items()}, place)
    if isinstance(piece, list):
        return Written([_written(item, place) for item in piece], place)
    return Written(piece, place)
