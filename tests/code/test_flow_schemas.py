"""What schemas let through is as harmless as they say, and no more."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}


def harmful(root: Path, language: str, text: str) -> list[str]:
    """Return the fields that reach a statement of SQL unharmed."""
    file = FILES[language]
    (root / file).write_text(dedent(text))
    function = Function(
        id="t/F",
        runtime="",
        language=language,
        handler="app.handler",
        code=Code(folder=".", file=file),
    )
    return [
        str(source)
        for call in analyse(root, function).calls
        for argument in call.arguments
        for source, families in zip(
            argument.sources,
            argument.harmless or ((),) * len(argument.sources),
            strict=True,
        )
        if call.kind == "use" and not {"all", "sql"} & {*families}
    ]


JAVASCRIPT = """
    const {{ z }} = require("zod");
    const Joi = require("joi");
    const yup = require("yup");
    const Ajv = require("ajv");
    const pool = require("mysql2").createPool();
    const schema = {schema};
    exports.handler = async (event) => {{
      const it = {check};
      pool.query(`select ${{it.a}}`);
      pool.query(`select ${{it.b}}`);
    }};
"""


@pytest.mark.parametrize(
    ("schema", "check"),
    [
        ("z.object({ a: z.number().min(1), b: z.string().min(1) }).strict()", "schema.parse(event)"),
        ("z.object({ a: z.string().uuid(), b: z.any() })", "schema.safeParse(event).data"),
        ("z.object({ a: z.enum(['x']).optional(), b: z.string().email() })", "schema.parse(event)"),
        ("z.strictObject({ a: z.string().regex(/^[a-z]+$/), b: z.string().regex(/[a-z]/) })",
         "await schema.parseAsync(event)"),
        ("Joi.object({ a: Joi.number().integer(), b: Joi.string() })",
         "schema.validate(event).value"),
        ("Joi.object().keys({ a: Joi.string().valid('x', 'y'), b: Joi.string().max(9) })",
         "Joi.attempt(event, schema)"),
        ("yup.object({ a: yup.date().required(), b: yup.string() })",
         "await schema.validate(event)"),
        ("new Ajv().compile({ properties: { a: { type: 'integer' }, b: { type: 'string' } } })",
         "schema(event) ? event : null"),
        ("({ properties: { a: { enum: ['x'] }, b: { type: ['string', 'null'] } } })",
         "new Ajv().validate(schema, event) && event"),
    ],
)  # fmt: skip
def test_javascript(tmp_path: Path, schema: str, check: str) -> None:
    text = JAVASCRIPT.format(schema=schema, check=check)
    if "email" in schema:
        assert harmful(tmp_path, "javascript", text) == []
    else:
        assert harmful(tmp_path, "javascript", text) == ["${event.b}"]


TOGETHER = """
    const Joi = require("joi");
    const pool = require("mysql2").createPool();
    const schema = Joi.object({ a: Joi.number().integer(), b: Joi.number(), c: Joi.string() });
    exports.handler = async (event) => {
      const { a, b, c } = JSON.parse(event.body);
      const { error } = schema.validate(GIVEN);
      if (error) return null;
      pool.query(`select ${a} ${b} ${c}`);
    };
"""


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("{ a, b, c }", "c"),
        ("{ a, c }", "bc"),
        ("{ b: a, c: b }", "bc"),
        ("{ a: c, b: a }", "b"),
        ("event.x ? { a } : { b }", "abc"),
    ],
)
def test_what_code_puts_together_is_validated_field_by_field(
    tmp_path: Path, given: str, left: str
) -> None:
    found = harmful(tmp_path, "javascript", TOGETHER.replace("GIVEN", given))
    assert found == [f"${{event.body.{name}}}" for name in left]


PYTHON = """
    import decimal, enum, sqlite3, uuid
    from typing import Annotated, List, Literal, Optional
    from aws_lambda_powertools.utilities.parser import BaseModel, parse
    from aws_lambda_powertools.utilities.validation import validate
    import jsonschema
    from pydantic import Field, conint, constr

    class Size(str, enum.Enum):
        SMALL = "small"

    class Inner(BaseModel):
        a: int

    class Model(BaseModel):
        {fields}

    SCHEMA = {{"properties": {{"a": {{"type": "number"}}, "b": {{"type": "string"}}}}}}

    def handler(event, context):
        it = {check}
        cursor = sqlite3.connect("x").cursor()
        cursor.execute(f"select {{it.a}}")
        cursor.execute(f"select {{it.b}}")
"""


@pytest.mark.parametrize(
    ("fields", "check"),
    [
        ("a: int; b: str", "Model(**event)"),
        ("a: uuid.UUID; b: 'str'", "Model.model_validate(event)"),
        ("a: Optional[decimal.Decimal] = None; b: Optional[str] = None", "Model(**event)"),
        ("a: Literal['x', 'y'] | None; b: str | int", "parse(event, Model)"),
        ("a: Annotated[str, Field(pattern='^[a-z]+$')]; b: Annotated[str, Field(max_length=3)]",
         "parse(event=event, model=Model)"),
        ("a: str = Field(pattern=r'^\\w+$'); b: str = Field(pattern=r'\\w+')", "Model(**event)"),
        ("a: constr(regex='^[a-z]+$'); b: constr(max_length=8)", "Model.parse_obj(event)"),
        ("a: Size; b: dict", "Model(**event)"),
        ("a: conint(gt=1); b: object", "Model(a=event['a'], b=event['b'])"),
    ],
)  # fmt: skip
def test_python_models(tmp_path: Path, fields: str, check: str) -> None:
    text = PYTHON.format(fields=fields.replace("; ", "\n        "), check=check)
    assert harmful(tmp_path, "python", text) == ["${event.b}"]


@pytest.mark.parametrize(
    "check",
    [
        "validate(event=event, schema=SCHEMA)",
        "jsonschema.validate(event, SCHEMA)",
        "jsonschema.validate(instance=event, schema=SCHEMA)",
        "jsonschema.Draft202012Validator(SCHEMA).validate(event)",
    ],
)
def test_json_schemas(tmp_path: Path, check: str) -> None:
    text = f"""
        import jsonschema, sqlite3
        from aws_lambda_powertools.utilities.validation import validate
        SCHEMA = {{"properties": {{"a": {{"type": "number"}}, "b": {{"type": "string"}}}}}}
        def checked(event):
            {check}
        def handler(event, context):
            checked(event)
            cursor = sqlite3.connect("x").cursor()
            cursor.execute("select " + event["a"])
            cursor.execute("select " + event["b"])
    """
    assert harmful(tmp_path, "python", text) == ["${event.b}"]


def test_items_of_a_list_have_their_own_shape(tmp_path: Path) -> None:
    text = JAVASCRIPT.format(
        schema="z.object({ rows: z.array(z.object({ a: z.number(), b: z.string() })) })",
        check="schema.parse(event).rows[0]",
    )
    assert harmful(tmp_path, "javascript", text) == ["${event.rows[].b}"]


COPIED = """
    const Joi = require("joi");
    const pool = require("mysql2").createPool();
    class Checked {{
      constructor(raw, options) {{ this.raw = raw; this.schema = options?.schema; }}
      validate() {{
        const {{ error }} = this.schema?.validate(this.raw{options}) || {{}};
        if (error) throw new Error("refused");
        return this;
      }}
      copied() {{
        return Object.keys(this.raw).reduce((copy, key) => ({{ ...copy, [key]: this.raw[key] }}), {{}});
      }}
    }}
    const checked = (route, options) => async (event) =>
      route(new Checked(event.pathParameters, options).validate().copied());
    const more = JSON.parse(process.env.MORE);
    exports.handler = checked(
      async ({{ id }}) => pool.query(`select ${{id}}`), {{ schema: {schema} }},
    );
"""
ID, ANY = "id: Joi.string().uuid().required()", "note: Joi.string()"


@pytest.mark.parametrize(
    ("schema", "options", "refuses"),
    [
        (f"Joi.object().keys({{ {ID} }}).required()", "", True),
        (f"Joi.object({{ {ID} }})", ", { abortEarly: false }", True),
        (f"Joi.object({{ {ID} }}).keys({{ at: Joi.date() }})", "", True),
        (f"Joi.object({{ {ID}, {ANY} }})", "", False),  # each may be the one that is meant
        (f"Joi.object({{ {ID} }}).append({{ {ANY} }})", "", False),
        (f"Joi.object({{ {ID} }}).pattern(/x/, Joi.any())", "", False),
        (f"Joi.object({{ {ID} }}).unknown()", "", False),
        (f"Joi.object().unknown().keys({{ {ID} }})", "", False),
        (f"Joi.object({{ {ID}, ...more }})", "", False),
        (f"Joi.object({{ ...more }}).keys({{ {ID} }})", "", False),
        (f"Joi.object({{ {ID} }})", ", { allowUnknown: true }", False),
        (f"Joi.object({{ {ID} }})", ", more", False),
        ("undefined", "", False),
    ],
)
def test_what_an_object_without_other_fields_is_copied_from(
    schema: str, options: str, *, refuses: bool, tmp_path: Path
) -> None:
    text = COPIED.format(schema=schema, options=options)
    found = harmful(tmp_path, "javascript", text)
    assert found == ([] if refuses else ["${event.pathParameters[]}"])


@pytest.mark.parametrize(
    ("options", "expected"),
    [("", ["${event.body.b}"]), (", { allowUnknown: true }", ["${event.body.b}"])],
)
def test_joi_s_older_versions_are_given_value_and_schema(
    tmp_path: Path, options: str, expected: list[str]
) -> None:
    text = f"""
        const Joi = require("@hapi/joi");
        const pool = require("mysql2").createPool();
        exports.handler = async (event) => {{
          const it = event.body;
          const schema = Joi.object().keys({{ a: Joi.number().required(), b: Joi.string() }});
          const found = Joi.validate(it, schema{options});
          if (found.error) return {{ statusCode: 400 }};
          pool.query(`select ${{it.a}}`);
          pool.query(`select ${{it.b}}`);
        }};
        """
    assert harmful(tmp_path, "javascript", text) == expected
