"""Changes that change nothing: of them nothing may be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import yaml

from checkrein.notation import parse
from tests.promise.movements import FIELD, PYTHON, SCRIPT, TAKEN
from tests.promise.mutants import Application, Keys, Mutant, named, put, walk, written
from tests.promise.statements import FUNCTION, granted, statements

PLAIN = ("RestApiId",)  # SAM takes nothing but a Ref here


def reordered(application: Application) -> Iterator[Mutant]:
    """Keys, resources and lists of actions the other way round."""
    for file, value in application.templates.items():
        texts = {file: written(_reversed(value))}
        yield application.mutant("keys the other way round", file, texts)


def shuffled_statements(application: Application) -> Iterator[Mutant]:
    """The statements of a policy, and the actions of a statement, the other way round."""
    for file, value in application.templates.items():
        turned = deepcopy(value)
        for _, below in walk(turned):
            for key in ("Statement", "Action", "Resource", "ManagedPolicyArns", "Layers"):
                if isinstance(below, dict) and isinstance(below.get(key), list):
                    below[key].reverse()
        yield application.mutant("statements the other way round", file, {file: written(turned)})


def split(application: Application) -> Iterator[Mutant]:
    """A statement of several actions as one for each."""
    for one in granted(application):
        if len(one.actions) > 1 and isinstance(one.keys[-1], int):
            before = one.beside
            parts = [{**one.statement, "Action": action} for action in one.actions]
            index = one.keys[-1]
            listed = [*before[:index], *parts, *before[index + 1 :]]
            texts = application.changed(one.found, one.keys[:-1], listed)
            yield application.mutant("a statement split", one.place, texts)


def twice(application: Application) -> Iterator[Mutant]:
    """A statement once more."""
    for one in granted(application):
        if isinstance(one.keys[-1], int):
            before = one.beside
            listed = [*before, one.statement]
            texts = application.changed(one.found, one.keys[:-1], listed)
            yield application.mutant("a statement twice", one.place, texts)


def notations(application: Application) -> Iterator[Mutant]:
    """JSON, YAML in blocks and YAML in flow style of the same template."""
    for file, value in application.templates.items():
        block = yaml.safe_dump(value, sort_keys=False, default_flow_style=False)
        flow = yaml.safe_dump(value, sort_keys=False, default_flow_style=True)
        for kind, text in (("JSON", written(value)), ("block", block), ("flow", flow)):
            yield application.mutant(f"as {kind}", file, {file: text})


def remarks(application: Application) -> Iterator[Mutant]:
    """Comments and blank lines everywhere that they may stand."""
    for file, text in application.texts.items():
        mark = "//" if file.endswith(SCRIPT) else "#"
        if file in application.code:
            lines = [f"{mark} a remark on data", "", *text.splitlines()]
            between = "\n".join(
                f"\n{x}" if re.match(r"(def|export|const) ", x) else x for x in lines
            )
            yield application.mutant("comments", file, {file: between + "\n"})
        elif file.endswith("template.yaml"):
            remarked = re.sub(
                r"^(  \w+:)$", r"\n  # a remark\n\1 # and one", text, flags=re.MULTILINE
            )
            yield application.mutant("comments", file, {file: remarked})


def intent(application: Application) -> Iterator[Mutant]:
    """What the team declared, the other way round and in JSON."""
    text = application.texts.get("checkrein.yaml")
    if text:
        turned = written(_reversed(parse(text).value))
        yield application.mutant("declared the other way round", "", {"checkrein.yaml": turned})


def quotes(application: Application) -> Iterator[Mutant]:
    """Texts in the other quotes."""
    for file, text in application.code.items():
        single = re.sub(r"\"([^\"'\\\n{}$]*)\"", r"'\1'", text)
        if '"""' not in text and single != text:
            yield application.mutant("other quotes", file, {file: single})
        elif single != text:
            head, _, rest = text.partition('"""\n')
            turned = head + '"""\n' + re.sub(r"\"([^\"'\\\n{}$]*)\"", r"'\1'", rest)
            yield application.mutant("other quotes", file, {file: turned})


def formatting(application: Application) -> Iterator[Mutant]:
    """Twice the indent in code."""
    for file, text in application.code.items():
        wide = re.sub(r"^ +", lambda found: found[0] * 2, text, flags=re.MULTILINE)
        yield application.mutant("twice the indent", file, {file: wide})


def renamed(application: Application) -> Iterator[Mutant]:
    """A local name, the handler's parameter, a module's own name."""
    for file, text in application.code.items():
        names = {"event": "incoming", **dict.fromkeys(_locals(text), "")}
        for name, other in sorted(names.items()):
            fresh = other or f"{name}_of_it"
            changed = re.sub(rf"(?<![\w.\"'`/-]){name}(?![\w\"'`:=]|: )", fresh, text)
            if changed != text and not re.search(rf"\{{[^}}]*\b{name}\b[^}}]*\}} = ", text):
                yield application.mutant("a name", f"{file}:{name}", {file: changed})


def helper(application: Application) -> Iterator[Mutant]:
    """What a statement takes comes from a function of its own."""
    for file, text in application.code.items():
        for found in TAKEN[PYTHON if file.endswith(PYTHON) else SCRIPT].finditer(text):
            if "json.loads(event" not in found[0]:
                continue
            line = found[0].replace('json.loads(event["body"])', "taken_from(event)")
            changed = text.replace(found[0], line)
            changed += '\n\ndef taken_from(request):\n    return json.loads(request["body"])\n'
            yield application.mutant("a helper", file, {file: changed})


def moved(application: Application) -> Iterator[Mutant]:
    """The handler in another file, which the old one takes it from."""
    for file, text in application.code.items():
        folder, _, name = file.rpartition("/")
        if name == "app.py":
            texts = {f"{folder}/inner.py": text, file: "from inner import handler\n"}
            yield application.mutant("moved to a file", file, texts)
        elif name == "app.mjs":
            line = 'export { handler } from "./inner.mjs";\n'
            yield application.mutant(
                "moved to a file", file, {f"{folder}/inner.mjs": text, file: line}
            )


def described(application: Application) -> Iterator[Mutant]:
    """What is told of a function, its memory, its time, its tags."""
    for found in application.resources(FUNCTION, "AWS::Lambda::Function"):
        tags: Any = {"team": "blue"}
        if found.type != FUNCTION:
            tags = [{"Key": "team", "Value": "blue"}]
        more = {"Description": "Other words", "MemorySize": 512, "Timeout": 21, "Tags": tags}
        properties = {**found.properties, **more}
        texts = application.changed(found, ("Properties",), properties)
        yield application.mutant("description, memory, time, tags", found.name, texts)


def sids(application: Application) -> Iterator[Mutant]:
    """A name for a statement."""
    for one in statements(application):
        texts = application.changed(one.found, (*one.keys, "Sid"), "Named")
        yield application.mutant("a Sid", one.place, texts)


def spelling(application: Application) -> Iterator[Mutant]:
    """Actions in capitals: IAM does not tell them apart."""
    for one in granted(application):
        spelt = [action.upper() for action in one.actions]
        texts = application.changed(one.found, (*one.keys, "Action"), spelt)
        yield application.mutant("capitals", one.place, texts)


def listed(application: Application) -> Iterator[Mutant]:
    """One action or resource as a list of one, and a list of one as it is."""
    for one in statements(application):
        for key in ("Action", "Resource"):
            value = one.statement.get(key)
            if isinstance(value, list) and len(value) == 1:
                texts = application.changed(one.found, (*one.keys, key), value[0])
                yield application.mutant("a list of one", f"{one.place}.{key}", texts)
            elif value is not None and not isinstance(value, list):
                texts = application.changed(one.found, (*one.keys, key), [value])
                yield application.mutant("a list of one", f"{one.place}.{key}", texts)


def wildcards(application: Application) -> Iterator[Mutant]:
    """A pattern that names the one action that was named."""
    alike = {"dynamodb:Scan": "dynamodb:Sca*", "sqs:SendMessage": "sqs:SendMessag?"}
    for one in granted(application):
        if any(action in alike for action in one.actions):
            spelt = [alike.get(action, action) for action in one.actions]
            texts = application.changed(one.found, (*one.keys, "Action"), spelt)
            yield application.mutant("an equal wildcard", one.place, texts)


def references(application: Application) -> Iterator[Mutant]:
    """Fn::Sub for Fn::GetAtt and Ref, Fn::Join for Fn::Sub."""
    forms: dict[str, Callable[[Any], Any]] = {"Sub": _as_sub, "Join": _as_join}
    for name, form in forms.items():
        for file, value in application.templates.items():
            turned = deepcopy(value)
            for keys, below in [*walk(value)]:
                other = form(below)
                if other and _is_free(keys):
                    turned = put(turned, keys, other)
            yield application.mutant(f"references by {name}", file, {file: written(turned)})


def globals_or_own(application: Application) -> Iterator[Mutant]:
    """What Globals say, said by each function."""
    for file, value in application.templates.items():
        shared = value.get("Globals", {}).get("Function")
        if not shared:
            continue
        turned = deepcopy(value)
        del turned["Globals"]
        for resource in turned["Resources"].values():
            if resource["Type"] == FUNCTION:
                resource["Properties"] = _merged(shared, resource["Properties"])
        yield application.mutant("no Globals", file, {file: written(turned)})


def other_origin(application: Application) -> Iterator[Mutant]:
    """The origin that browsers may call from: it lets nobody in."""
    for found in application.resources("AWS::Serverless::Api"):
        keys = ("Properties", "Cors", "AllowOrigin")
        texts = application.changed(found, keys, "'https://www.wild.example'")
        yield application.mutant("another origin", found.name, texts)


def outputs(application: Application) -> Iterator[Mutant]:
    """An output, a mapping and a condition that nothing uses."""
    for file, value in application.templates.items():
        more = {
            **value,
            "Mappings": {"Sizes": {"small": {"memory": 128}}},
            "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
            "Metadata": {"Made": "by us"},
        }
        more["Outputs"] = {**value.get("Outputs", {}), "Told": {"Value": "something"}}
        yield application.mutant("an output", file, {file: written(more)})


def joined_stack(application: Application) -> Iterator[Mutant]:
    """A stack that comes first by name, joined by a parameter, and adds nothing."""
    for table in application.resources("AWS::DynamoDB::Table"):
        value = {
            "Parameters": {f"{table.name}Name": {"Type": "String"}},
            "Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
        }
        yield application.mutant("a joined stack", table.name, {"a-stack.yaml": written(value)})


def own_policy(application: Application) -> Iterator[Mutant]:
    """A role's inline policy as a policy of its own."""
    for found in application.resources("AWS::IAM::Role"):
        for index, policy in enumerate(found.properties.get("Policies", [])):
            role = put(found.resource, ("Properties", "Policies", index), None)
            properties = {**policy, "Roles": [{"Ref": found.name}]}
            own = {"Type": "AWS::IAM::Policy", "Properties": properties}
            texts = application.with_resources(found.file, **{found.name: role, "Apart": own})
            yield application.mutant("a policy of its own", f"{found.name}.{index}", texts)


def unused(application: Application) -> Iterator[Mutant]:
    """A name, an import and a constant in code that nothing uses."""
    for file, text in application.code.items():
        more = "\n\nLIMIT = 10\n" if file.endswith(PYTHON) else "\nconst LIMIT = 10;\n"
        yield application.mutant("a constant", file, {file: text + more})


def spread(application: Application) -> Iterator[Mutant]:
    """What a put takes, made in a statement before it."""
    for file, text in application.code.items():
        for found in FIELD[PYTHON].finditer(text) if file.endswith(PYTHON) else ():
            line = text[: found.start()].rpartition("\n")[2]
            start = text.rindex("\n", 0, text.rindex(".put_item(", 0, found.start())) + 1
            end = text.index("}\n    )\n", found.start()) + len("}\n    )\n")
            whole = text[start:end]
            item = whole[whole.index("{") : whole.rindex("}") + 1]
            made = f"    thing = {item}\n"
            call = whole[: whole.index("(")] + "(Item=thing)\n"
            changed = text[:start] + made + call + text[end:]
            del line
            yield application.mutant("an item made before", f"{file}:{start}", {file: changed})


KINDS = (
    reordered,
    shuffled_statements,
    split,
    twice,
    notations,
    remarks,
    intent,
    quotes,
    formatting,
    renamed,
    helper,
    moved,
    described,
    sids,
    spelling,
    listed,
    wildcards,
    references,
    globals_or_own,
    other_origin,
    outputs,
    joined_stack,
    own_policy,
    unused,
    spread,
)


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_reversed(each) for each in value]
    return value


def _locals(text: str) -> set[str]:
    python = re.findall(r"^ +(\w+) = ", text, re.MULTILINE)
    return {*python, *re.findall(r"^ +const (\w+) = ", text, re.MULTILINE)}


def _is_free(keys: Keys) -> bool:
    """Tell whether a text may be any expression at a path: not below another function's own."""
    return not any(str(key).startswith("Fn::") or key == "Ref" for key in keys) and (
        keys[0] == "Resources" and not {"DependsOn", *PLAIN} & set(keys)
    )


def _as_sub(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else argument.split(".")
            return {"Fn::Sub": "${" + ".".join(parts) + "}"}
        if function == "Ref" and not argument.startswith("AWS::"):
            return {"Fn::Sub": "${" + argument + "}"}
    return None


def _as_join(value: Any) -> Any:
    text = value.get("Fn::Sub") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(text, str) or not named(value) or text.count("$") > 1:
        return None
    name, _, rest = text[2:].partition("}")
    own, _, attribute = name.partition(".")
    first: Any = {"Fn::GetAtt": [own, attribute]} if attribute else {"Ref": own}
    return {"Fn::Join": ["", [first, rest]]} if rest else None


def _merged(shared: Any, own: Any) -> Any:
    if isinstance(shared, dict) and isinstance(own, dict):
        return {**shared, **{k: _merged(shared.get(k), v) for k, v in own.items()}}
    return own
