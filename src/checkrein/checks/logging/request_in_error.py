"""An error that holds a request with a credential is logged or answered.

## Why

An AxiosError holds the whole request in `config` and `request`, headers and passwords too. `console.error(error)` prints
them, and `JSON.stringify(error)` makes a text of `config`. It happens where a request fails: with a bad code, behind a
partner's outage, whenever a caller wants it to.

## Fix

Log and answer `error.message` and `error.response?.status`, or take the headers out in an interceptor. Then change the credential.

## Examples

```javascript bad
import axios from "axios";

export const handler = async (event) => {
  try {
    const { data } = await axios.post("https://accounts.example.com/token", event.body, {
      headers: { Authorization: `Basic ${process.env.CLIENT_SECRET}` },
    });
    return { statusCode: 200, body: data.name };
  } catch (error) {
    console.error("failed", error); //! Example logs an error that holds Authorization of its request
    return { statusCode: 400, body: JSON.stringify(error) }; //! Example answers with an error that holds Authorization of its request
  }
};
```

```javascript bad
import axios from "axios";

const ask = () => axios.get("https://api.example.com/v1", { headers: { "x-api-key": process.env.API_KEY } });

export const handler = async () => {
  await ask().catch((error) => console.log(error.config)); //! Example logs an error that holds x-api-key of its request
  return { statusCode: 200 };
};
```

```javascript good
import axios from "axios";
import pino from "pino";

const logger = pino();

export const handler = async (event) => {
  try {
    await axios.get("https://api.example.com/open", { headers: { Accept: "text/plain" } });
  } catch (error) {
    console.error(error);
  }
  try {
    const { data } = await axios.get("https://api.example.com/v1", {
      headers: { Authorization: `Bearer ${process.env.API_TOKEN}` },
    });
    return { statusCode: 200, body: data.name };
  } catch (error) {
    console.error(error.message, error.response?.status, error.response?.data);
    logger.error(error);
    return { statusCode: 502, body: "the partner does not answer" };
  }
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.worth import value
from checkrein.detect.names import classify
from checkrein.model import App, Argument, CallSite, Evidence, Finding, Summary, Symbol
from checkrein.model.values import alternatives

ASKED = "asked"  # the owner of what says of which request an error is
WHOLE = frozenset({"", "config", "config.headers", "request", "config.auth", "response.config"})
IN_JSON = frozenset({"", "config", "config.headers", "config.auth", "response.config"})
HEADERS = ("headers.", "auth.")
GRAVE = 7
DOING = {"log": "logs an error that", "response": "answers with an error that"}


@check(
    every(Summary),
    fault=2,
    topics=("data-exposure", "error-handling", "secrets"),
    frameworks=("CWE-532", "CWE-209", "CWE-522", "OWASP-2025:A09", "OWASP-2021:A09"),
)
def request_in_error(code: Summary, app: App) -> Iterator[Finding]:
    first: dict[tuple[str, str], Finding] = {}
    for site in code.calls:
        for argument in site.arguments if site.kind in DOING else ():
            for asked in _asked(code, site, argument):
                shown = _credential(app, asked, told_by_caller=site.kind == "response")
                key = site.kind, f"{asked.place}"
                if shown and key not in first:
                    first[key] = _finding(code.function, site, asked, *shown)
    yield from first.values()


def _asked(code: Summary, site: CallSite, argument: Argument) -> Iterator[CallSite]:
    """Yield the requests that an error holds which is told whole, made in the same file."""
    fields = WHOLE if site.kind == "log" else IN_JSON
    options = list(alternatives(argument.value))
    parts = [part for each in options for part in getattr(each, "parts", (each,))]
    errors = (p for p in parts if isinstance(p, Symbol) and p.owner == "error")
    if any(error.attribute in fields for error in errors) and not _is_text(site, options):
        for source in argument.sources:
            number = source.attribute.rpartition(":")[2] if source.owner == ASKED else ""
            if number and code.calls[int(number)].place.path == site.place.path:
                yield code.calls[int(number)]


def _is_text(site: CallSite, options: list[object]) -> bool:
    """Tell whether a log line only has an error's words: it stands in a text, not beside it."""
    return site.kind == "log" and all(hasattr(each, "parts") for each in options)


def _credential(app: App, site: CallSite, *, told_by_caller: bool) -> tuple[str, str] | None:
    """Return the name and the class of a credential that a request shows, None without one.

    A caller may be told what he brought himself.
    """
    for argument in site.arguments:
        name = argument.path.rpartition(".")[2]
        found = classify(name) if argument.path.startswith(HEADERS) else None
        if found is None or not found.data.startswith("cred.") or value(app, found.data) < GRAVE:
            continue
        own = bool(argument.sources) and all(each.owner == "event" for each in argument.sources)
        if (argument.sources or isinstance(argument.value, str)) and not (told_by_caller and own):
            return name, found.data
    return None


def _finding(function: str, site: CallSite, asked: CallSite, name: str, data: str) -> Finding:
    return Finding(
        site.place,
        f"{short(function)} {DOING[site.kind]} holds {name} of its request",
        steps=(Evidence(f"the request shows {name}", asked.place), *site.steps),
        cwe="CWE-532" if site.kind == "log" else "CWE-209",
        endangers=(function,),
        key=(site.kind, name),
        data=(data,),
        by=(function,),
        confidence="likely",
    )
