"""Which API operation a call of an AWS SDK asks for, in Python (boto3) and JavaScript (2 and 3).

Services carry botocore's client names (``dynamodb``, ``cognito-idp``, ``stepfunctions``) and
operations the API's names (``PutItem``) for every language. Source: botocore, boto3 and aws-sdk,
through ``sdk_pack``.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from checkrein.catalog.sdk_pack import OPERATIONS, RESOURCES, by_fold, chunk, fold, index

Style = Literal["v2", "v3", "document"]

SCOPE = "@aws-sdk/"
WHOLE_SDK = frozenset(
    {"aws-sdk", "aws-sdk/global", "aws-sdk/index", "aws-sdk/clients/all", "aws-sdk/dist/aws-sdk"}
)
# DynamoDB's document clients shorten the names of the operations on items, and only those.
DOCUMENT = {
    "get": "GetItem",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "batchget": "BatchGetItem",
    "batchwrite": "BatchWriteItem",
    "transactget": "TransactGetItems",
    "transactwrite": "TransactWriteItems",
}
DOCUMENT_CLIENTS = frozenset({"DynamoDBDocumentClient", "DynamoDBDocument"})
# Classes and functions that stand for one operation, outside the client packages.
STANDING_FOR = {
    ("aws-sdk", "S3.ManagedUpload"): ("s3", "PutObject"),
    ("aws-sdk/clients/s3", "ManagedUpload"): ("s3", "PutObject"),
    (f"{SCOPE}lib-storage", "Upload"): ("s3", "PutObject"),
    (f"{SCOPE}s3-presigned-post", "createPresignedPost"): ("s3", "PutObject"),
}
# Methods of version 2 clients that the service's model does not hold (aws-sdk/lib/services).
ADDED_METHODS = {("s3", "upload"): "PutObject", ("s3", "createpresignedpost"): "PutObject"}
PRESIGNERS = frozenset(
    {
        (f"{SCOPE}s3-request-presigner", "getSignedUrl"),
        (f"{SCOPE}cloudfront-signer", "getSignedUrl"),
    }
)


class Indirection(NamedTuple):
    """A method whose argument names what is called: ``get_waiter("bucket_exists")``."""

    position: int  # of that argument
    keyword: str  # its keyword in Python; "" in JavaScript
    names: Literal["operation", "waiter"]  # look it up with *_operation or with waiter()
    request: str  # where the request stands: "result" (a call on the result) or "argument" 1


PYTHON_INDIRECTIONS = {
    "get_paginator": Indirection(0, "operation_name", "operation", "result"),
    "get_waiter": Indirection(0, "waiter_name", "waiter", "result"),
    "generate_presigned_url": Indirection(0, "ClientMethod", "operation", "argument"),
}
JAVASCRIPT_INDIRECTIONS = {
    "waitFor": Indirection(0, "", "waiter", "argument"),
    "getSignedUrl": Indirection(0, "", "operation", "argument"),
    "getSignedUrlPromise": Indirection(0, "", "operation", "argument"),
    "makeRequest": Indirection(0, "", "operation", "argument"),
    "makeUnauthenticatedRequest": Indirection(0, "", "operation", "argument"),
}


# ------------------------------------------------------------------------------ Python


def python_operation(service: str, method: str) -> str | None:
    """Return the operation of a boto3 client's method: ``put_item`` -> ``PutItem``.

    Covers the methods that boto3 adds in code (``upload_file`` -> ``PutObject``). Methods of
    ``PYTHON_INDIRECTIONS`` name their operation in an argument: look that up here in turn, or
    with :func:`waiter`.
    """
    if method != method.lower():
        return None
    found = by_fold(service).get(fold(method))
    return found or _added(service).get(method, {}).get("operation")


def python_positional(service: str, method: str) -> tuple[str, ...]:
    """Return the request members that positional arguments of a client's method fill.

    Only methods that boto3 adds in code take positional arguments: for s3 ``upload_file``
    ``("Body", "Bucket", "Key")``, where Body is the file named or opened.
    """
    return tuple(_added(service).get(method, {}).get("positional", ()))


def waiter(service: str, name: str) -> str | None:
    """Return the operation that a waiter polls: ``bucket_exists`` (or camelCase) -> HeadBucket."""
    polled = chunk(service, OPERATIONS).get("waiters", {})
    waiters = {key.lower(): operation for key, operation in polled.items()}
    return waiters.get(fold(name))


def resource_model(service: str) -> dict[str, Any]:
    """Return what ``boto3.resource(service)`` offers; {} for a service that has no resources.

    Keys are resource types (``Table``, ``Bucket``, ``Object``) and ``service``, the object that
    ``boto3.resource`` returns. (``client`` holds only the client methods that boto3 adds in code.)
    Each is a dict of:

    - ``identifiers``: list of Python attribute names that identify the resource, in the order of
      the constructor's positional arguments (and its keywords): ``["bucket_name", "key"]``;
    - ``attributes``: attribute name -> member of what ``load`` returns, ``{"item_count":
      "ItemCount"}``; reading one calls ``load`` once;
    - ``load``: an *action* or None; ``load()`` and ``reload()`` run it;
    - ``actions``: method name -> *action*: ``put_item``, ``upload_file``, ``batch_writer``;
    - ``resources``: method name -> *making*; called to make another resource, without a request:
      ``s3.Bucket("x")``, ``bucket.Object("key")``;
    - ``references``: attribute name -> *making*, whose identifiers come from attributes;
    - ``collections``: attribute name -> *action* whose ``makes`` is the type of the elements;
      ``all()``, ``filter(**request)``, ``limit(n)``, ``page_size(n)``, ``pages()`` and iteration
      run it. It also has ``batch``: method of the collection -> *action* on all elements
      (``bucket.objects.delete()``);
    - ``waiters``: method name (``wait_until_exists``) -> dict of ``operation``, ``parameters``.

    An *action* is a dict of:

    - ``operation``: the API operation, ``PutItem``;
    - ``parameters``: request member -> *origin*, what the resource fills in by itself:
      ``{"TableName": ["identifier", "name"]}``. A member may be a path, ``Entries[].Id``.
      Everything else in the request comes from keyword arguments;
    - ``positional``: request members that positional arguments fill, in order; only methods added
      in code have any;
    - ``path``: where in the response the result's data stands ("" the whole; ``[]`` any element);
    - ``makes``: a *making* if the method returns resources, else None and the response is returned.

    A *making* is a dict of ``resource`` (the type), ``identifiers`` (identifier -> *origin*),
    ``path`` (where its attributes' data stands in the response, "" if nowhere) and ``many``
    (whether a list is made).

    An *origin* is a list of a kind and a value: ``["identifier", name]`` of the owning resource
    (in ``batch``: of each element), ``["data", path]`` in its attributes' data, ``["input",
    position]`` among the call's arguments, ``["response", path]``, ``["request", member]`` as the
    call passed it, ``["constant", value]``.

    ``Table.batch_writer()`` is an action with operation ``BatchWriteItem`` and parameter
    ``RequestItems{}`` (a key of that map) = the table's name; its result is a context manager
    whose ``put_item(Item=…)`` and ``delete_item(Key=…)`` each hand over one item.
    """
    return chunk(service, RESOURCES)


def _added(service: str) -> dict[str, Any]:
    found: dict[str, Any] = resource_model(service).get("client", {}).get("actions", {})
    return found


# ------------------------------------------------------------------------------ JavaScript


def javascript_client(module: str, name: str) -> tuple[str, Style] | None:
    """Return the service and style of a client class that a module exports.

    ``("aws-sdk", "DynamoDB.DocumentClient")`` -> ``("dynamodb", "document")``;
    ``("aws-sdk/clients/s3", "default")`` -> ``("s3", "v2")``, "" and "*" likewise;
    ``("@aws-sdk/client-s3", "S3Client")`` -> ``("s3", "v3")``, and its ``"S3"``, which has a
    method for every operation, -> ``("s3", "v2")``.
    """
    name = _without_default(name)
    if module.startswith(SCOPE):
        return _scoped_client(module, name)
    if module in WHOLE_SDK:
        return _class(name.removeprefix("AWS."))
    if not module.startswith("aws-sdk/clients/"):
        return None
    file = module.removeprefix("aws-sdk/clients/").removesuffix(".js")
    exported = next((one for one in index()["classes"] if one.lower() == file), "")
    rest = "" if name == exported else name.removeprefix(f"{exported}.")
    return _class(".".join(filter(None, (exported, rest))))


def javascript_operation(service: str, method: str, style: str) -> str | None:
    """Return the operation of a client's method: ``putObject`` -> ``PutObject``.

    In style ``document``, ``put`` -> ``PutItem``. ``send`` of version 3 takes a command: ask
    :func:`command`. Methods of ``JAVASCRIPT_INDIRECTIONS`` name theirs in an argument.
    """
    if style == "v3" or "_" in method:
        return None
    folded = fold(method)
    if style == "document" and folded in DOCUMENT:
        return DOCUMENT[folded]
    added = ADDED_METHODS.get((service, folded)) if style == "v2" else None
    return added or by_fold(service).get(folded) or _by_prefix(service, method, style)


def command(module: str, name: str) -> tuple[str, str] | None:
    """Return service and operation of an exported class or function that stands for one operation.

    Commands of version 3 (``PutItemCommand``, lib-dynamodb's ``PutCommand``), paginators
    (``paginateScan``) and waiters (``waitUntilBucketExists``), lib-storage's ``Upload``,
    ``createPresignedPost`` and version 2's ``ManagedUpload``.
    """
    name = _without_default(name)
    module = _package(module)
    if (module, name) in STANDING_FOR:
        return STANDING_FOR[module, name]
    service, style = _scoped_service(module)
    if not service:
        return None
    if name.endswith("Command"):
        method = name.removesuffix("Command")
        found = javascript_operation(service, method, style)
    else:
        found = _by_prefix(service, name, style)
    return (service, found) if found else None


def presigner(module: str, name: str) -> bool:
    """Say whether a function signs the command that is its second argument, for others to use."""
    return (_package(module), _without_default(name)) in PRESIGNERS


def _by_prefix(service: str, name: str, style: str) -> str | None:
    """Return the operation of ``paginateScan``, ``paginatedBatchGet``, ``waitUntilTableExists``."""
    for prefix in ("paginated", "paginate"):
        if name.startswith(prefix):
            return javascript_operation(service, name.removeprefix(prefix), style)
    for prefix in ("waitUntil", "waitFor"):
        if name.startswith(prefix) and name != prefix:
            return waiter(service, name.removeprefix(prefix))
    return None


def _without_default(name: str) -> str:
    """Return an export's name without what bundlers and namespace imports put before it."""
    name = name.removeprefix("default.").removeprefix("*.")
    return "" if name in ("default", "*") else name


def _package(module: str) -> str:
    """Return the package of a deep import of a scoped package; others unchanged."""
    return "/".join(module.split("/")[:2]) if module.startswith(SCOPE) else module


def _class(name: str) -> tuple[str, Style] | None:
    if name == "DynamoDB.DocumentClient":
        return "dynamodb", "document"
    service = index()["classes"].get(name)
    return (service, "v2") if service else None


def _scoped_client(module: str, name: str) -> tuple[str, Style] | None:
    package = _package(module)
    service, style = _scoped_service(package)
    if style == "document":
        return (service, "document") if name in DOCUMENT_CLIENTS else None
    own = package.removeprefix(f"{SCOPE}client-").replace("-", "")
    if service and name.lower() == f"{own}client":
        return service, "v3"
    return (service, "v2") if service and name.lower() == own else None


def _scoped_service(package: str) -> tuple[str, Style]:
    """Return a version 3 package's service ("" if it has none) and its methods' style."""
    name = package.removeprefix(SCOPE)
    if name == "lib-dynamodb":
        return "dynamodb", "document"
    found = index()["packages"].get(name, "") if package.startswith(SCOPE) else ""
    return found, "v2"
