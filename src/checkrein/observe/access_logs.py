"""Access logs, line by line: of S3, of CloudFront, of load balancers.

Sources: the formats as AWS documents them (S3 server access log, CloudFront standard log version 1,
Application Load Balancer access log). Other web logs are read as any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from checkrein.detect.contents import Contents
from checkrein.observe.cloudtrail import ANYONE, ASSUMED
from checkrein.observe.sightings import Actor, Named, Sighting

S3 = re.compile(
    r"^[0-9a-f]{64} (?P<bucket>\S+) \[[^\]]+\] \S+ (?P<who>\S+) \S+ "
    r"(?P<operation>(?:REST|WEBSITE|BATCH|SOAP|S3)\.[A-Z0-9_.]+) \S+ "
    r'"?(?P<request>-|[^"]*)"? (?P<status>\d{3}|-) '
)
BALANCER = re.compile(
    r"^(?:https?|h2|grpcs|wss?) \S+Z (?P<kind>app|net)/(?P<name>[\w-]+)/[0-9a-f]{16} "
    r'\S+ \S+ \S+ \S+ \S+ (?P<status>\d{3}|-) \S+ \S+ \S+ "(?P<request>[^"]*)"'
)
FIELDS = "#Fields:"
OPERATIONS = {  # S3's words for an operation -> the API's
    "GET.OBJECT": "GetObject", "HEAD.OBJECT": "HeadObject", "PUT.OBJECT": "PutObject",
    "POST.OBJECT": "PutObject", "DELETE.OBJECT": "DeleteObject", "COPY.OBJECT": "CopyObject",
    "GET.BUCKET": "ListObjectsV2", "PUT.PART": "UploadPart",
    "POST.UPLOADS": "CreateMultipartUpload",
    "PUT.ACL": "PutObjectAcl", "PUT.BUCKETPOLICY": "PutBucketPolicy",
    "POST.MULTI_OBJECT_DELETE": "DeleteObjects",
}  # fmt: skip
CHANGING = frozenset({"PutBucketPolicy", "PutObjectAcl"})
REFUSED = 400
SERVICES = (":cloudfront:user/", "assumed-role/AWSServiceRoleFor", "/aws-service-role/")
OPEN = Actor((Named(ANYONE),), ANYONE)


def s3(line: str, contents: Contents) -> list[Sighting] | None:
    """Return what a line of S3's server access log tells, None for another line."""
    found = S3.match(line)
    if found is None:
        return None
    targets = (Named(found["bucket"], "AWS::S3::Bucket"),)
    operation = OPERATIONS.get(found["operation"].partition(".")[2], "")
    who = found["who"]
    actor = OPEN if who == "-" else _requester(who)
    kind = "refused" if _is_refused(found["status"]) else "call"
    told = [Sighting(kind, "S3 access log", targets, actor, "s3", operation)] if operation else []
    return [*told, *_addressed(found["request"], "S3 access log", targets, contents)]


def balancer(line: str, contents: Contents) -> list[Sighting] | None:
    """Return what a line of a load balancer's log tells, None for another line."""
    found = BALANCER.match(line)
    if found is None:
        return None
    source = "load balancer log"
    targets = (Named(found["name"], "AWS::ElasticLoadBalancingV2::LoadBalancer"),)
    kind = "refused" if _is_refused(found["status"]) else "call"
    told = Sighting(kind, source, targets, OPEN)
    return [told, *_addressed(found["request"], source, targets, contents)]


class CloudFront:
    """Reads a log of CloudFront, whose header says which column is what."""

    SOURCE = "CloudFront log"

    def __init__(self, header: str) -> None:
        self._columns = {name: at for at, name in enumerate(header.split()[1:])}

    def read(self, line: str, holder: tuple[Named, ...], contents: Contents) -> list[Sighting]:
        """Return what a line tells; raise ValueError for one that was cut off."""
        cells = line.split("\t")
        if len(cells) != len(self._columns):
            raise ValueError(line[:0])
        host = self._cell(cells, "x-host-header") or self._cell(cells, "cs(Host)")
        targets = (Named(host, "AWS::CloudFront::Distribution"), *holder)
        kind = "refused" if _is_refused(self._cell(cells, "sc-status")) else "call"
        query = f"?{self._cell(cells, 'cs-uri-query')}"
        return [
            Sighting(kind, self.SOURCE, targets, OPEN),
            *_addressed(query, self.SOURCE, targets, contents),
        ]

    def _cell(self, cells: list[str], name: str) -> str:
        at = self._columns.get(name)
        return "" if at is None or cells[at] == "-" else cells[at]


def _addressed(
    request: str, source: str, targets: tuple[Named, ...], contents: Contents
) -> Iterator[Sighting]:
    """Yield the data that stands in an address: it is in the log, and in histories and caches."""
    query = request.partition("?")[2].partition(" ")[0]
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        for _, data in contents.of_value({unquote_plus(name): unquote_plus(unquote_plus(value))}):
            yield Sighting("content", source, targets, data=data, path="address")


def _requester(who: str) -> Actor:
    """Return who asked S3; CloudFront does for whoever asks it."""
    service = not who.startswith("arn:") or any(part in who for part in SERVICES)
    assumed = ASSUMED.match(who)
    if service:
        name = assumed[3] if assumed else who.removeprefix("svc:").rpartition("/")[2]
        return Actor((), f"service {name}", service=True)
    role = f"{assumed[1]}:iam:{assumed[2]}:role/{assumed[3]}" if assumed else who
    return Actor((Named(role),), role.rpartition(":")[2])


def _is_refused(status: str) -> bool:
    return status.isdigit() and int(status) >= REFUSED
