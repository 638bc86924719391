"""What the environment of a running function decides: branches that no deployment takes.

The template says what variables are (``model.Environment``), Lambda sets some of its own. What code
itself sets, or has a package set, is not known, nor what stands in place of a variable that a
bundler replaces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checkrein import files
from checkrein.code import ir
from checkrein.code.domain import configured
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.configured import (
    ABSENT,
    METHODS,
    MISSING,
    SOME,
    Configured,
    Values,
    rule_of,
)
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import only_string
from checkrein.code.libraries import library
from checkrein.code.loading.paths import above
from checkrein.model import BY_TOOLS, DEPLOYED

if TYPE_CHECKING:
    from checkrein.code.domain.configured import Rule
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.model import Environment

EQUAL: Final = frozenset(("==", "===", "is"))
UNEQUAL: Final = frozenset(("!=", "!==", "is-not"))
INSIDE: Final = frozenset(("in", "not-in"))
EXACT: Final = frozenset(("===", "!=="))  # of null, which they tell from undefined
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
SET_BY_LAMBDA: Final = frozenset({
    "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR", "_HANDLER",
})  # fmt: skip
OF_THE_PLATFORM = re.compile(
    r"AWS_\w*|LAMBDA_\w*|_\w+|\w*PATH|TZ|LANG|LC_\w+|HOME|PWD|USER|SHLVL|HOSTNAME|TMPDIR|NODE_OPTIONS"
)
WRAPPER: Final = "AWS_LAMBDA_EXEC_WRAPPER"  # a program that may set variables
SETTING_PACKAGES = re.compile(
    r"(?:.*[-/_])?dotenv[\w./-]*|@middy/(?:ssm|secrets-manager|appconfig)|environs?"
)
OWN_MACHINE = re.compile(  # names of what people set where they run it themselves
    r"(?i)(?:(?:IS|RUN|RUNNING|USE|USING|AWS_SAM|DYNAMODB|DDB)_?)?(?:LOCAL|LOCALSTACK|OFFLINE)(?:_|$)"
)
NOTHING: Final[Values] = frozenset()
BY_FILE: Final[Values] = frozenset((MISSING, DEPLOYED))  # where a file may set what is missing
BUNDLING: Final = (  # files that may tell a bundler what to put in a variable's place
    *("webpack.config.js", "webpack.config.ts", "webpack.config.cjs", "vite.config.ts"),
    *("vite.config.js", "vite.config.mjs", "rollup.config.js", "rollup.config.mjs"),
    *("esbuild.config.js", "esbuild.config.mjs", "esbuild.js", "esbuild.mjs", "build.js"),
    *("build.mjs", "build.ts", "tsup.config.ts", "package.json", "serverless.yml", "serverless.ts"),
)
TRUTHS: Final = frozenset(("bool", "Boolean"))
WORDS: Final = {"and": "and", "or": "or", "??": "??"}
LETTERS = re.compile(r"/(\[\^?[^\[\]]*\]|\\s)[+*]?/[gmsuy]*")  # a pattern of letters alone
MODES: Final = ("webpack", "vite")  # they set NODE_ENV without a word
MODE: Final = "NODE_ENV"


class Surroundings:
    """What is known of the environment of one analysis, and what that rests on.

    ``asked`` are the template's answers, ``set`` what code sets a variable to beside, None for what
    is not known. Code that was told otherwise before has to be run again: ``misled``.
    """

    def __init__(self, told: Environment, root: str) -> None:
        self.told = told
        self.root = root
        self.asked: dict[str, tuple[str | None, ...]] = {}
        self.set: dict[str, Values | None] = {}
        self._answered: dict[str, Values | None] = {}  # first, in the run that goes on
        self.sets_more = False  # the code sets missing variables
        self.by_file = False  # a file may, that lies beside the code
        self.sets_any = False
        self._folders: set[str] = set()
        self._replaced: dict[str, bool] = {}

    def bundles(self, folder: str) -> None:
        """Learn of a folder of JavaScript: beside it, a bundler may be told what variables are."""
        self._folders.add(folder)

    def ask(self, name: str) -> Values | None:
        """Return all that a variable may be, None where that is not known."""
        found = self.asked.setdefault(name, self.told.of(name))
        also = self.set.get(name, NOTHING)
        known = self._given(name, found) if found and not self.sets_any else None
        answer = None if also is None or known is None else known | also
        self._answered.setdefault(name, answer)
        return answer

    def begin(self) -> None:
        """Begin a run, in which all that was learnt before counts from the start."""
        self._answered = {}

    def misled(self) -> bool:
        """Tell whether the run was told of a variable what later turned out not to be all."""
        return any(self.ask(name) != known for name, known in [*self._answered.items()])

    def _given(self, name: str, found: tuple[str | None, ...]) -> Values | None:
        if found != (None,) or name in BY_TOOLS or OWN_MACHINE.match(name):
            return frozenset(found)
        if WRAPPER in self.told.values or self.sets_more:
            return None
        if name in SET_BY_LAMBDA:
            return frozenset((SOME,))
        if OF_THE_PLATFORM.fullmatch(name) or self._is_replaced(name):
            return None
        return BY_FILE if self.by_file else frozenset((MISSING,))

    def truth(self, value: Abstract) -> bool | None:
        """Return whether a value is true in every deployment, None where that is not known."""
        return configured.truth(value.rule, self.ask) if type(value) is Configured else None

    def sets(self, name: str | None, value: Abstract, *, where_missing: bool = False) -> None:
        """Learn that code sets a variable to a value; None stands for any."""
        if name is None:
            self.sets_any = self.sets_any or not where_missing
            self.sets_more = True
            return
        if where_missing and ABSENT.isdisjoint(self.ask(name) or ABSENT):
            return
        known = self.set.get(name, NOTHING)
        found = configured.given(rule_of(value), self.ask)
        self.set[name] = None if known is None or found is None else known | found

    def varies(self, value: Abstract, other: Abstract) -> None:
        """Learn that what the environment decided may become something else while it runs."""
        if type(value) is Configured and value != other:
            self.set.update(dict.fromkeys(configured.names(value.rule)))

    def _is_replaced(self, name: str) -> bool:
        """Tell whether a bundler's file names a variable: it may put a text in its place."""
        if name not in self._replaced:
            around = dict.fromkeys(one for each in self._folders for one in above(each, self.root))
            self._replaced[name] = any(self._names(folder, name) for folder in around)
        return self._replaced[name]

    def _names(self, folder: str, name: str) -> bool:
        for each in BUNDLING:
            path = f"{folder}/{each}"
            if files.is_file(path):
                if name == MODE and each.startswith(MODES):
                    return True
                if f"process.env.{name}" in files.text(path, errors="replace"):
                    return True
        return False


def is_set_by(module: str) -> bool:
    """Tell whether functions of a module set variables that are missing."""
    return SETTING_PACKAGES.fullmatch(module) is not None


def read(symbol: Abstract, name: str) -> Abstract:
    """Return a variable's symbol as what the environment decides."""
    return Configured(symbol, ("env", name))


def compared(node: ir.Compare, left: Abstract, right: Abstract, result: Abstract) -> Abstract:
    """Return the answer of a comparison, decided by the environment as its sides are."""
    either = type(left) is Configured or type(right) is Configured
    if not either and (node.operator not in INSIDE or not any(map(_is_whole, right.things))):
        return result
    rule = _comparison(node.operator, left, right)
    return Configured(result, rule) if rule else result


def _comparison(operator: str, left: Abstract, right: Abstract) -> Rule | None:
    if operator in INSIDE:
        found = _member(left, right)
        return found if found is None or operator == "in" else ("not", found)
    sides = rule_of(left), rule_of(right)
    if None in sides or (operator in EXACT and ("is", None) in sides):
        return None
    if operator in EQUAL:
        return ("=", *sides)
    return ("not", ("=", *sides)) if operator in UNEQUAL else None


def _is_whole(one: object) -> bool:
    return isinstance(one, Library) and one.name in library.ENVIRONMENTS


def _member(one: Abstract, among: Abstract) -> Rule | None:
    name = only_string(one)
    if len(among.things) != 1 or among.atoms or among.open or among.sources:
        return None
    (holder,) = among.things
    if name is not None:
        return ("has", name) if _is_whole(holder) else None
    if not isinstance(holder, Structure) or holder.element or not holder.fields:
        return None
    rules = [rule_of(value) for value in holder.fields.values()]
    if not all(rule and rule[0] == "is" for rule in rules):
        return None
    return ("in", rule_of(one), frozenset(rule[1] for rule in rules if rule))


# ------------------------------------------------------------------------------ calls


def called(receiver: Abstract, name: str, given: Arguments, result: Abstract) -> Abstract:
    """Return what a method of texts, or of a list of them, gives, decided as what it was given."""
    if type(receiver) is Configured:
        if name in METHODS and not given.positional:
            return Configured(result, ("text", name, receiver.rule))
        if name in ("replace", "replaceAll") and (kept := _without(given.first())):
            return Configured(result, ("kept", kept, receiver.rule))
    elif name in ("includes", "has") and type(given.first()) is Configured:
        found = _member(given.first(), receiver)
        return Configured(result, found) if found else result
    return result


def _without(old: Abstract) -> str:
    """Return a pattern of the letters that are replaced, where it is plainly that."""
    text = only_string(old)
    if text is not None:
        return re.escape(text)
    for one in old.things:
        if isinstance(one, Library) and one.name == "RegExp()" and len(old.things) == 1:
            pattern = only_string(one.arguments[0]) if one.arguments else None
            found = LETTERS.fullmatch(pattern or "")
            return found[1] if found else ""
    return ""


def defaulted(found: Abstract, default: Abstract, result: Abstract) -> Abstract:
    """``os.environ.get(name, default)``."""
    if type(found) is not Configured or not default:
        return result
    return Configured(result, ("??", found.rule, rule_of(default)))


def combined(operator: str, values: list[Abstract], result: Abstract) -> Abstract:
    """Return what ``and``, ``or`` and ``??`` give, decided by operands that are."""
    if operator not in WORDS or not any(type(value) is Configured for value in values):
        return result
    return Configured(result, (WORDS[operator], *map(rule_of, values)))


def negated(value: Abstract, result: Abstract) -> Abstract:
    """``not value``."""
    return Configured(result, ("not", value.rule)) if type(value) is Configured else result


def truly(function: ir.Node, given: Arguments, result: Abstract) -> Abstract:
    """``bool(value)``."""
    value = given.first()
    if type(value) is not Configured or not isinstance(function, ir.Name):
        return result
    return Configured(result, ("not", ("not", value.rule))) if function.id in TRUTHS else result


def updated(run: Interpreter, receiver: Abstract, given: Arguments) -> None:
    """``os.environ.update(values)``."""
    if not any(map(_is_whole, receiver.things)):
        return
    for name, value in given.named.items():
        run.surroundings.sets(name, value)
    for value in given.positional:
        known = [one for one in value.things if type(one) is Structure and not one.element]
        if len(known) != len(value.things) or not known or value.atoms or value.open:
            run.surroundings.sets(None, value)
        for one in known:
            for name, part in one.fields.items():
                run.surroundings.sets(name, part)


def completed(run: Interpreter, receiver: Abstract, given: Arguments) -> None:
    """``os.environ.setdefault(name, value)``."""
    if any(map(_is_whole, receiver.things)):
        run.surroundings.sets(only_string(given.first()), given.first(1), where_missing=True)
