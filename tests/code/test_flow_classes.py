"""What data classes, models and loops with an else give, as a summary says it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function, Open, Summary, Symbol

EVENT = {name: Symbol("event", name) for name in ("email", "card", "x")}


def summary(root: Path, text: str) -> Summary:
    (root / "app.py").write_text(dedent(text))
    code = Code(folder=".", file="app.py")
    function = Function(
        id="t/F", runtime="python3.12", language="python", handler="app.handler", code=code
    )
    return analyse(root, function)


def arguments(call: CallSite) -> dict[str, object]:
    return {argument.path: argument.value for argument in call.arguments}


def test_the_fields_of_data_classes_and_models(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import json
        from dataclasses import asdict, dataclass, field
        from typing import ClassVar, NamedTuple, Optional
        import boto3
        from pydantic import BaseModel

        db = boto3.resource("dynamodb").Table("t")

        @dataclass
        class Person:
            KIND: ClassVar[str]
            email: str
            phones: list = field(default_factory=list)

        @dataclass
        class Rider(Person):
            card: Optional[str] = None

        class Spot(NamedTuple):
            latitude: float
            longitude: float

        class Ride(BaseModel):
            to: str
            note: str

        class Free(BaseModel):
            to: str
            class Config:
                extra = "allow"

        def handler(event, context):
            rider = Rider(event["email"], card=event["card"])
            db.put_item(Item=asdict(rider))
            db.put_item(Item=rider.__dict__)
            spot = Spot(event["x"], event["y"])
            db.put_item(Item={"at": spot.latitude, **vars(rider)})
            body = json.loads(event["body"])
            db.put_item(Item=Ride(**body).model_dump())
            db.put_item(Item=Ride(to=body["to"], note="n").dict())
            db.put_item(Item=Free(**body).dict())
        """,
    )
    rider = {"Item.email": EVENT["email"], "Item.card": EVENT["card"]}
    items = [
        {path: value for path, value in arguments(call).items() if path.startswith("Item")}
        for call in found.calls
    ]
    phones = [item.pop("Item.phones", None) for item in items]
    assert phones[0] == Open("not known")
    assert items == [
        rider,
        rider,
        {"Item.at": EVENT["x"], **rider},
        {"Item.to": Symbol("event", "body.to"), "Item.note": Symbol("event", "body.note")},
        {"Item.to": Symbol("event", "body.to"), "Item.note": "n"},
        {"Item.to": Symbol("event", "body.to"), "Item": Symbol("event", "body")},
    ]


def test_what_follows_a_loop_with_an_else(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        db = boto3.client("dynamodb")

        def handler(event, context):
            for name in event["names"]:
                if name:
                    break
            else:
                return {"statusCode": 404}
            while event["more"]:
                break
            else:
                raise KeyError("none")
            db.get_item(TableName="t", Key={"name": name})
        """,
    )
    get = next(call for call in found.calls if call.kind == "sdk")
    assert arguments(get)["Key.name"] == Symbol("event", "names[]")
