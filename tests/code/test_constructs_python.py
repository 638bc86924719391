"""Every construct of Python that people write between the event and a table: nothing gets lost.

Each text is a program whose handler puts ``event["email"]`` into a table, through ``save``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Argument, Symbol
from tests.code.conftest import programs

HEAD = """
import boto3
table = boto3.resource("dynamodb").Table("t")

def save(email):
    table.put_item(Item={"email": email})

"""

WHOLE = """
## walrus
def handler(event, context):
    if (email := event.get("email")) and len(email) > 3:
        save(email)

## walrus in a comprehension
def handler(event, context):
    found = [email for one in [event] if (email := one["email"])]
    save(found[0])

## with as
from contextlib import contextmanager
@contextmanager
def opened(x):
    yield x["email"]

def handler(event, context):
    with opened(event) as email:
        save(email)

## with several, in parentheses
from contextlib import contextmanager
@contextmanager
def opened(x):
    yield x

def handler(event, context):
    with (opened(event) as whole, opened(1) as other):
        save(whole["email"])

## a context manager class
class Opened:
    def __init__(self, x):
        self.x = x
    def __enter__(self):
        return self.x["email"]
    def __exit__(self, *exc):
        return False

def handler(event, context):
    with Opened(event) as email:
        save(email)

## a context manager that gives itself
class Opened:
    def __init__(self, x):
        self.x = x
    def __enter__(self):
        return self
    def __exit__(self, *exc):
        save(self.x["email"])

def handler(event, context):
    with Opened(event) as it:
        pass

## async with
class Opened:
    def __init__(self, x):
        self.x = x
    async def __aenter__(self):
        return self.x["email"]
    async def __aexit__(self, *exc):
        return False

import asyncio
async def main(event):
    async with Opened(event) as email:
        save(email)

def handler(event, context):
    asyncio.run(main(event))

## an async context manager function
from contextlib import asynccontextmanager
import asyncio
@asynccontextmanager
async def opened(x):
    yield x["email"]

async def main(event):
    async with opened(event) as email:
        save(email)

def handler(event, context):
    loop = asyncio.get_event_loop()
    return loop.run_until_complete(main(event))

## a generator
def emails(event):
    yield event["email"]

def handler(event, context):
    for email in emails(event):
        save(email)


## yield from
def inner(event):
    yield event["email"]

def outer(event):
    yield from inner(event)

def handler(event, context):
    save(next(outer(event)))

## an async generator
import asyncio
async def emails(event):
    yield event["email"]

async def main(event):
    async for email in emails(event):
        save(email)

def handler(event, context):
    asyncio.run(main(event))

## async comprehension
import asyncio
async def emails(event):
    yield event["email"]

async def main(event):
    save([email async for email in emails(event)][0])

def handler(event, context):
    asyncio.run(main(event))

## asyncio gather
import asyncio
async def one(event):
    return event["email"]

async def main(event):
    first, second = await asyncio.gather(one(event), one({"email": event["email"]}))
    save(first)

def handler(event, context):
    asyncio.get_event_loop().run_until_complete(main(event))

## a task group
import asyncio
async def one(event):
    save(event["email"])

async def main(event):
    async with asyncio.TaskGroup() as group:
        group.create_task(one(event))

def handler(event, context):
    asyncio.run(main(event))

## a generator expression
def handler(event, context):
    save(next(one["email"] for one in [event] if one))

## nested comprehension
def handler(event, context):
    save([[e["email"] for e in row] for row in [[event]]][0][0])

## a dict comprehension
def handler(event, context):
    lower = {k.lower(): v for k, v in {"Email": event["email"]}.items()}
    save(lower["email"])

## a dict comprehension over the event ~
def handler(event, context):
    wanted = {k: event[k] for k in ("email", "name")}
    save(wanted["email"])

## a set
def handler(event, context):
    for one in {event["email"], event["email"]}:
        save(one)

## destructuring
def handler(event, context):
    (email, _), *others = [(event["email"], 1), 2]
    save(email)

## star destructuring
def handler(event, context):
    first, *rest = [1, event["email"]]
    save(rest[0])

## swap
def handler(event, context):
    a, b = 1, event["email"]
    a, b = b, a
    save(a)

## chained assignment
def handler(event, context):
    a = b = event["email"]
    save(a)

## keyword arguments
def keep(*, email, name=None):
    save(email)

def handler(event, context):
    keep(email=event["email"])

## keyword forwarding
def outer(**kwargs):
    inner(**kwargs)

def inner(name=None, **kwargs):
    save(kwargs["email"])

def handler(event, context):
    outer(email=event["email"], name="n")

## keyword forwarding with more ~
def outer(**kwargs):
    inner(**{**kwargs, "name": "n"})

def inner(email=None, name=None):
    save(email)

def handler(event, context):
    outer(**event)

## arguments forwarding
def outer(*args, **kwargs):
    return inner(*args, **kwargs)

def inner(event, email):
    save(email)

def handler(event, context):
    outer(event, email=event["email"])

## a spread of a part of the arguments
def keep(a, email):
    save(email)

def handler(event, context):
    rest = [event["email"]]
    keep(1, *rest)

## the default of a parameter
def handler(event, context, other=None):
    def keep(email=event["email"]):
        save(email)
    keep()

## a mutable default
def remember(email, known=[]):
    known.append(email)
    return known

def handler(event, context):
    save(remember(event["email"])[0])

## lambda
keep = lambda event: save(event["email"])
def handler(event, context):
    keep(event)

## a lambda as the handler
handler = lambda event, context: save(event["email"])

## nonlocal ~
def handler(event, context):
    email = None
    def read():
        nonlocal email
        email = event["email"]
    read()
    save(email)

## global ~
email = None
def read(event):
    global email
    email = event["email"]

def handler(event, context):
    read(event)
    save(email)

## a closure
def keeper(event):
    def keep():
        save(event["email"])
    return keep

def handler(event, context):
    keeper(event)()

## a class
class Handler:
    def __init__(self, event):
        self.event = event
    def run(self):
        save(self.event["email"])

def handler(event, context):
    Handler(event).run()

## a bound method as the handler
class Handler:
    def handle(self, event, context):
        save(event["email"])

handler = Handler().handle

## a callable instance as the handler
class Handler:
    def __call__(self, event, context):
        save(event["email"])

handler = Handler()

## a class method as the handler
class Handler:
    @classmethod
    def get_handler(cls, *args, **kwargs):
        def handler(event, context):
            return cls(*args, **kwargs).handle(event, context)
        return handler
    def handle(self, event, context):
        save(event["email"])

class Own(Handler):
    pass

handler = Own.get_handler()

## a template method
class Base:
    def handle(self, event):
        self.keep(self.read(event))
    def read(self, event):
        raise NotImplementedError

class Own(Base):
    def read(self, event):
        return event["email"]
    def keep(self, email):
        save(email)

def handler(event, context):
    Own().handle(event)

## super
class Base:
    def __init__(self, email):
        self.email = email

class Own(Base):
    def __init__(self, email, name):
        super().__init__(email)
        self.name = name

def handler(event, context):
    save(Own(event["email"], "n").email)

## two bases
class Reads:
    def read(self, event):
        return event["email"]

class Keeps:
    def keep(self, email):
        save(email)

class Both(Reads, Keeps):
    pass

def handler(event, context):
    both = Both()
    both.keep(both.read(event))

## a property
class Event:
    def __init__(self, event):
        self._event = event
    @property
    def email(self):
        return self._event["email"]

def handler(event, context):
    save(Event(event).email)

## a property setter
class Event:
    @property
    def email(self):
        return self._email
    @email.setter
    def email(self, value):
        self._email = value

def handler(event, context):
    it = Event()
    it.email = event["email"]
    save(it.email)

## a cached property
from functools import cached_property
class Event:
    def __init__(self, event):
        self.event = event
    @cached_property
    def email(self):
        return self.event["email"]

def handler(event, context):
    save(Event(event).email)

## getitem
class Event:
    def __init__(self, event):
        self.event = event
    def __getitem__(self, name):
        return self.event[name]

def handler(event, context):
    save(Event(event)["email"])

## getattr of a class
class Event:
    def __init__(self, event):
        self.event = event
    def __getattr__(self, name):
        return self.event[name]

def handler(event, context):
    save(Event(event).email)

## iter
class Event:
    def __init__(self, event):
        self.event = event
    def __iter__(self):
        yield self.event["email"]

def handler(event, context):
    for one in Event(event):
        save(one)

## iter and next
class Event:
    def __init__(self, event):
        self.event = event
    def __iter__(self):
        return self
    def __next__(self):
        return self.event["email"]

def handler(event, context):
    for one in Event(event):
        save(one)

## call of an instance
class Keep:
    def __call__(self, email):
        save(email)

keep = Keep()
def handler(event, context):
    keep(event["email"])

## an added operator
class Mail:
    def __init__(self, email):
        self.email = email
    def __add__(self, other):
        return Mail(self.email)

def handler(event, context):
    save((Mail(event["email"]) + Mail("x")).email)

## a class attribute
class State:
    email = None

def handler(event, context):
    State.email = event["email"]
    save(State.email)

## a static method
class Tools:
    @staticmethod
    def read(event):
        return event["email"]

def handler(event, context):
    save(Tools.read(event))

## an alternative constructor
class Event:
    def __init__(self, email):
        self.email = email
    @classmethod
    def of(cls, event):
        return cls(email=event["email"])

def handler(event, context):
    save(Event.of(event).email)

## slots and setattr
class Event:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

def handler(event, context):
    save(Event(email=event["email"]).email)

## dict update of self
class Event:
    def __init__(self, event):
        self.__dict__.update(event)

def handler(event, context):
    save(Event(event).email)

## a dataclass
from dataclasses import dataclass, field
@dataclass
class Event:
    email: str
    tags: list = field(default_factory=list)

def handler(event, context):
    save(Event(event["email"]).email)

## a dataclass of the whole event
from dataclasses import dataclass, asdict
@dataclass(frozen=True)
class Event:
    email: str
    name: str = ""

def handler(event, context):
    save(asdict(Event(**event))["email"])

## a dataclass with post init
from dataclasses import dataclass, field
@dataclass
class Event:
    raw: dict
    email: str = field(init=False)
    def __post_init__(self):
        self.email = self.raw["email"]

def handler(event, context):
    save(Event(event).email)

## a derived dataclass
import dataclasses
@dataclasses.dataclass
class Base:
    email: str

@dataclasses.dataclass
class Own(Base):
    name: str

def handler(event, context):
    save(Own(event["email"], "n").email)

## a named tuple
from typing import NamedTuple
class Event(NamedTuple):
    email: str
    name: str

def handler(event, context):
    email, name = Event(event["email"], "n")
    save(email)

## a named tuple by name
from typing import NamedTuple
class Event(NamedTuple):
    email: str
    name: str

def handler(event, context):
    save(Event(email=event["email"], name="")._asdict()["email"])

## collections namedtuple
from collections import namedtuple
Event = namedtuple("Event", "email name")
def handler(event, context):
    save(Event(event["email"], "n").email)

## collections namedtuple from keywords
from collections import namedtuple
Event = namedtuple("Event", ["email", "name"])
def handler(event, context):
    save(Event(email=event["email"], name="n").email)

## a typed dict
from typing import TypedDict
class Event(TypedDict):
    email: str

def handler(event: Event, context):
    other: Event = Event(email=event["email"])
    save(other["email"])

## pydantic
from pydantic import BaseModel
class Event(BaseModel):
    email: str

def handler(event, context):
    save(Event(**event).email)

## pydantic validate and dump
from pydantic import BaseModel, Field
class Event(BaseModel):
    email: str = Field(alias="email")

def handler(event, context):
    save(Event.model_validate(event).model_dump()["email"])

## pydantic parse of json
import json
from pydantic import BaseModel
class Event(BaseModel):
    email: str

def handler(event, context):
    save(Event.parse_raw(json.dumps(event)).email)

## pydantic validator
from pydantic import BaseModel, field_validator
class Event(BaseModel):
    email: str
    @field_validator("email")
    @classmethod
    def known(cls, value):
        return value

def handler(event, context):
    save(Event(email=event["email"]).email)

## attrs
import attr
@attr.s
class Event:
    email = attr.ib()
    name = attr.ib(default="")

def handler(event, context):
    save(Event(event["email"]).email)

## attrs define
from attrs import define
@define
class Event:
    email: str

def handler(event, context):
    save(Event(email=event["email"]).email)

## an enumeration
from enum import Enum
class Field(Enum):
    EMAIL = "email"

def handler(event, context):
    save(event[Field.EMAIL.value])

## a string enumeration
from enum import Enum
class Field(str, Enum):
    EMAIL = "email"

def handler(event, context):
    save(event[Field.EMAIL])

## match on a mapping
def handler(event, context):
    match event:
        case {"email": email, **rest}:
            save(email)

## match on a sequence
def handler(event, context):
    match (event["email"], 1):
        case [email, *_]:
            save(email)

## match on a class
from dataclasses import dataclass
@dataclass
class Event:
    email: str

def handler(event, context):
    match Event(event["email"]):
        case Event(email=found):
            save(found)

## match on a class by position
from dataclasses import dataclass
@dataclass
class Event:
    email: str

def handler(event, context):
    match Event(event["email"]):
        case Event(found):
            save(found)

## match with a capture and a guard
def handler(event, context):
    match event["email"]:
        case str() as email if email:
            save(email)

## match with alternatives
def handler(event, context):
    match event:
        case {"kind": "a" | "b", "email": email}:
            save(email)
        case _:
            pass

## try, else and finally
def handler(event, context):
    try:
        email = event["email"]
    except KeyError:
        raise
    else:
        save(email)

## an error that carries ~
class Wrong(Exception):
    def __init__(self, email):
        self.email = email

def handler(event, context):
    try:
        raise Wrong(event["email"])
    except Wrong as error:
        save(error.email)

## functools partial
from functools import partial
def keep(a, email):
    save(email)

def handler(event, context):
    partial(keep, 1)(event["email"])

## partial by keyword
import functools
def keep(email, a):
    save(email)

def handler(event, context):
    functools.partial(keep, a=1)(event["email"])

## a cache
from functools import lru_cache
@lru_cache(maxsize=None)
def read(email):
    return email

def handler(event, context):
    save(read(event["email"]))

## a cache with calls
import functools
@functools.cache
def read(email):
    return {"email": email}

def handler(event, context):
    save(read(event["email"])["email"])

## singledispatch
from functools import singledispatch
@singledispatch
def keep(value):
    pass

@keep.register(str)
def _(value):
    save(value)

def handler(event, context):
    keep(event["email"])

## singledispatch by annotation
from functools import singledispatch
@singledispatch
def keep(value):
    pass

@keep.register
def _text(value: str):
    save(value)

def handler(event, context):
    keep(event["email"])

## reduce ~
from functools import reduce
def handler(event, context):
    save(reduce(lambda found, one: one["email"], [event], None))

## reduce of a path ~
from functools import reduce
def handler(event, context):
    save(reduce(lambda found, key: found[key], ["email"], event))

## itemgetter
from operator import itemgetter
def handler(event, context):
    save(itemgetter("email")(event))

## itemgetter of several
import operator
def handler(event, context):
    email, name = operator.itemgetter("email", "name")(event)
    save(email)

## attrgetter
import operator
class Event:
    def __init__(self, event):
        self.email = event["email"]

def handler(event, context):
    save(operator.attrgetter("email")(Event(event)))

## methodcaller
from operator import methodcaller
def handler(event, context):
    save(methodcaller("get", "email")(event))

## a dispatch table
def keep(event):
    save(event["email"])

def handler(event, context):
    {"keep": keep, "drop": lambda event: None}[event["action"]](event)

## a dispatch table with get
def keep(event):
    save(event["email"])

ACTIONS = {"keep": keep}
def handler(event, context):
    action = ACTIONS.get(event["action"])
    if action:
        action(event)

## a dispatch table of a decorator
ACTIONS = {}
def action(name):
    def register(function):
        ACTIONS[name] = function
        return function
    return register

@action("keep")
def keep(event):
    save(event["email"])

def handler(event, context):
    return ACTIONS[event["action"]](event)

## a dispatch list
ACTIONS = []
def action(function):
    ACTIONS.append(function)
    return function

@action
def keep(event):
    save(event["email"])

def handler(event, context):
    for one in ACTIONS:
        one(event)

## getattr by name
class Handler:
    def keep(self, event):
        save(event["email"])

def handler(event, context):
    getattr(Handler(), "keep")(event)

## getattr of self by the event
class Handler:
    def run(self, event):
        getattr(self, event["action"])(event)
    def do_keep(self, event):
        save(event["email"])

def handler(event, context):
    Handler().run(event)

## getattr of self by a text
class Handler:
    def run(self, event):
        method = getattr(self, f"do_{event['action']}", None)
        method(event)
    def do_keep(self, event):
        save(event["email"])

def handler(event, context):
    Handler().run(event)

## globals by name ~
def keep(event):
    save(event["email"])

def handler(event, context):
    globals()[event["action"]](event)

## globals by a literal
def keep(event):
    save(event["email"])

def handler(event, context):
    globals()["keep"](event)

## a decorator of the program
import functools
def logged(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@logged
def handler(event, context):
    save(event["email"])

## a decorator with arguments
from functools import wraps
def required(*names):
    def decorator(function):
        @wraps(function)
        def inner(event, context):
            for name in names:
                if name not in event:
                    return {"statusCode": 400}
            return function(event, context)
        return inner
    return decorator

@required("email")
def handler(event, context):
    save(event["email"])

## a decorator that parses
def parsed(function):
    def inner(event, context):
        return function(event["email"], context)
    return inner

@parsed
def handler(email, context):
    save(email)

## a decorator class
class Logged:
    def __init__(self, function):
        self.function = function
    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)

@Logged
def handler(event, context):
    save(event["email"])

## a decorator class with arguments
class Logged:
    def __init__(self, level):
        self.level = level
    def __call__(self, function):
        def inner(event, context):
            return function(event, context)
        return inner

@Logged("info")
def handler(event, context):
    save(event["email"])

## a decorator with an optional argument
import functools
def logged(function=None, *, level="info"):
    if function is None:
        return functools.partial(logged, level=level)
    @functools.wraps(function)
    def inner(event, context):
        return function(event, context)
    return inner

@logged(level="debug")
def handler(event, context):
    save(event["email"])

## decorators of libraries
from aws_lambda_powertools import Logger, Tracer
from retrying import retry
logger, tracer = Logger(), Tracer()

@retry(stop_max_attempt_number=3)
def keep(email):
    save(email)

@logger.inject_lambda_context(log_event=True)
@tracer.capture_lambda_handler
def handler(event, context):
    keep(event["email"])

## a powertools middleware of the program's own
from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
@lambda_handler_decorator
def around(handler, event, context):
    return handler(event, context)

@around
def handler(event, context):
    save(event["email"])

## a powertools middleware that writes
from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
@lambda_handler_decorator(trace_execution=True)
def around(handler, event, context, key="x"):
    save(event["email"])
    return handler(event, context)

@around(key="y")
def handler(event, context):
    return {}

## f string
def handler(event, context):
    whole = f"{event['email']}"
    save(whole)

## percent
def handler(event, context):
    save("%s" % event["email"])

## percent with a name
def handler(event, context):
    save("%(email)s" % event)

## format map
def handler(event, context):
    save("{email}".format(**event))

## slices
def handler(event, context):
    save([1, event["email"]][1:][0])

## a list of pairs to a dict
def handler(event, context):
    save(dict([("email", event["email"])])["email"])

## dict of zip
def handler(event, context):
    save(dict(zip(["email"], [event["email"]]))["email"])

## dict or
def handler(event, context):
    save(({"name": "n"} | {"email": event["email"]})["email"])

## dict merge in place
def handler(event, context):
    item = {}
    item |= {"email": event["email"]}
    save(item["email"])

## default dict
from collections import defaultdict
def handler(event, context):
    found = defaultdict(list)
    found["a"].append(event["email"])
    save(found["a"][0])

## chain map
from collections import ChainMap
def handler(event, context):
    save(ChainMap({}, event)["email"])

## deque
from collections import deque
def handler(event, context):
    queue = deque()
    queue.append(event["email"])
    save(queue.popleft())

## queue
import queue
def handler(event, context):
    it = queue.Queue()
    it.put(event["email"])
    save(it.get())

## itertools chain
import itertools
def handler(event, context):
    for one in itertools.chain([event["email"]], []):
        save(one)

## itertools starmap and groupby
from itertools import groupby
def handler(event, context):
    for email, items in groupby([event], key=lambda one: one["email"]):
        for one in items:
            save(one["email"])

## sorted with a key
def handler(event, context):
    save(sorted([event], key=lambda one: one["email"])[0]["email"])

## max with a key
def handler(event, context):
    save(max([event], key=lambda one: one["email"])["email"])

## enumerate
def handler(event, context):
    for i, one in enumerate([event]):
        save(one["email"])

## zip
def handler(event, context):
    for one, other in zip([event], [1]):
        save(one["email"])

## map and filter
def handler(event, context):
    for email in filter(None, map(lambda one: one["email"], [event])):
        save(email)

## map of a method
class Keep:
    def keep(self, email):
        save(email)

def handler(event, context):
    list(map(Keep().keep, [event["email"]]))

## a thread pool
from concurrent.futures import ThreadPoolExecutor
def handler(event, context):
    with ThreadPoolExecutor(max_workers=4) as pool:
        pool.submit(save, event["email"])

## a thread pool and its futures
import concurrent.futures
def read(event):
    return event["email"]

def handler(event, context):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        futures = [pool.submit(read, one) for one in [event]]
        for future in concurrent.futures.as_completed(futures):
            save(future.result())

## a thread pool by a map of futures
import concurrent.futures
def handler(event, context):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        futures = {pool.submit(dict, one): one for one in [event]}
        for future in concurrent.futures.as_completed(futures):
            save(futures[future]["email"])

## a thread
from threading import Thread
def handler(event, context):
    thread = Thread(target=save, args=(event["email"],))
    thread.start()

## a thread class
import threading
class Keep(threading.Thread):
    def __init__(self, email):
        super().__init__()
        self.email = email
    def run(self):
        save(self.email)

def handler(event, context):
    Keep(event["email"]).start()

## run in an executor
import asyncio
async def main(event):
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, save, event["email"])

def handler(event, context):
    asyncio.run(main(event))

## a while loop
def handler(event, context):
    todo = [event]
    while todo:
        one = todo.pop()
        save(one["email"])

## a while with break
def handler(event, context):
    while True:
        email = event["email"]
        if email:
            break
    save(email)

## a loop's else
def handler(event, context):
    for one in [event]:
        email = one["email"]
    else:
        save(email)

## recursion
def keep(value):
    if isinstance(value, dict):
        for one in value.values():
            keep(one)
    else:
        save(value)

def handler(event, context):
    keep({"a": {"email": event["email"]}})

## a conditional expression
def handler(event, context):
    save(event["email"] if event else event["email"])

## and or
def handler(event, context):
    save(event and event["email"])

## types simplenamespace
from types import SimpleNamespace
def handler(event, context):
    save(SimpleNamespace(**event).email)

## an object hook
import json
from types import SimpleNamespace
def handler(event, context):
    it = json.loads(json.dumps(event), object_hook=lambda d: SimpleNamespace(**d))
    save(it.email)

## json round trip
import json
def handler(event, context):
    save(json.loads(json.dumps({"email": event["email"]}))["email"])

## copy
import copy
def handler(event, context):
    save(copy.deepcopy(event)["email"])

## setitem
def handler(event, context):
    item = {}
    item["email"] = event["email"]
    save(item["email"])

## setdefault
def handler(event, context):
    item = {}
    item.setdefault("email", event["email"])
    save(item["email"])

## del and pop
def handler(event, context):
    email = event.pop("email")
    del event["name"]
    save(email)

## a type alias and generics
type Email = str
def first[T](items: list[T]) -> T:
    return items[0]

def handler(event, context):
    save(first([event["email"]]))

## a class with a metaclass
class Registry(type):
    known = {}
    def __new__(mcs, name, bases, namespace):
        made = super().__new__(mcs, name, bases, namespace)
        return made

class Keep(metaclass=Registry):
    def keep(self, email):
        save(email)

def handler(event, context):
    Keep().keep(event["email"])

## subclasses
class Action:
    def run(self, event):
        raise NotImplementedError

class Keep(Action):
    def run(self, event):
        save(event["email"])

def handler(event, context):
    for cls in Action.__subclasses__():
        cls().run(event)

## init subclass
class Action:
    known = {}
    def __init_subclass__(cls, **kwargs):
        Action.known[cls.__name__] = cls

class Keep(Action):
    def run(self, event):
        save(event["email"])

def handler(event, context):
    Action.known[event["action"]]().run(event)

## new ~
class Keep:
    def __new__(cls, email):
        made = super().__new__(cls)
        made.email = email
        return made

def handler(event, context):
    save(Keep(event["email"]).email)

## a singleton
class Store:
    _one = None
    @classmethod
    def get(cls):
        if cls._one is None:
            cls._one = cls()
        return cls._one
    def keep(self, email):
        save(email)

def handler(event, context):
    Store.get().keep(event["email"])

## an exit stack
from contextlib import ExitStack, contextmanager
@contextmanager
def opened(x):
    yield x

def handler(event, context):
    with ExitStack() as stack:
        it = stack.enter_context(opened(event))
        save(it["email"])

## a descriptor
class Field:
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, instance, owner):
        return instance.event[self.name]

class Event:
    email = Field()
    def __init__(self, event):
        self.event = event

def handler(event, context):
    save(Event(event).email)

## a dict subclass
class Event(dict):
    def mail(self):
        return self["email"]

def handler(event, context):
    save(Event(event).mail())

## a list subclass
class Mails(list):
    def first(self):
        return self[0]

def handler(event, context):
    it = Mails()
    it.append(event["email"])
    save(it.first())

## user dict
from collections import UserDict
class Event(UserDict):
    pass

def handler(event, context):
    save(Event(event)["email"])

## string io ~
import io
def handler(event, context):
    buffer = io.StringIO()
    buffer.write(event["email"])
    save(buffer.getvalue())

## a byte array ~
def handler(event, context):
    data = bytearray()
    data.extend(event["email"].encode())
    save(bytes(data))

## a message with parts ~
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
def handler(event, context):
    message = MIMEMultipart()
    message.attach(MIMEText(event["email"], "html"))
    save(message.as_string())

## a message's header ~
from email.message import EmailMessage
def handler(event, context):
    message = EmailMessage()
    message["To"] = event["email"]
    save(message.as_string())

## join
def handler(event, context):
    save("".join([event["email"]]))

## encode and decode
def handler(event, context):
    save(event["email"].strip().encode("utf-8").decode())

## base64
import base64
def handler(event, context):
    save(base64.b64decode(event["email"]).decode("utf-8"))

## locals
def handler(event, context):
    email = event["email"]
    save("{email}".format(**locals()))

## vars
class Event:
    def __init__(self, email):
        self.email = email

def handler(event, context):
    save(vars(Event(event["email"]))["email"])

## nested functions as methods
def make():
    state = {}
    def put(email):
        state["email"] = email
    def get():
        return state["email"]
    return put, get

def handler(event, context):
    put, get = make()
    put(event["email"])
    save(get())

## a pipeline of functions ~
def read(event):
    return event["email"]

def same(email):
    return email

def handler(event, context):
    value = event
    for step in (read, same):
        value = step(value)
    save(value)

## compose ~
def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value
    return composed

def handler(event, context):
    compose(lambda e: e["email"], save)(event)

## a middleware chain
def first(event, following):
    return following(event)

def handler(event, context):
    first(event, lambda e: save(e["email"]))

## a coroutine's result
async def read(event):
    return event["email"]

async def main(event):
    email = await read(event)
    save(email)

import asyncio
def handler(event, context):
    asyncio.new_event_loop().run_until_complete(asyncio.wait_for(main(event), 3))

## asyncio as completed
import asyncio
async def read(event):
    return event["email"]

async def main(event):
    for future in asyncio.as_completed([read(event)]):
        save(await future)

def handler(event, context):
    asyncio.run(main(event))

## asyncio wait
import asyncio
async def read(event):
    return event["email"]

async def main(event):
    done, pending = await asyncio.wait([asyncio.create_task(read(event))])
    for task in done:
        save(task.result())

def handler(event, context):
    asyncio.run(main(event))
"""

Stored = Callable[..., list[Argument]]
EMAIL = Symbol("event", "email")


@pytest.mark.parametrize(("file", "text", "exactly"), programs(("app.py", WHOLE)))
def test_the_field_arrives(stored: Stored, file: str, text: str, exactly: bool) -> None:  # noqa: FBT001
    (found,) = stored({file: HEAD + text})
    if exactly:
        assert found.value == EMAIL
    assert EMAIL in found.sources
