"""Names that AWS and HTTP define, flags, record times, keys of pairs, and parts of a datum."""

from __future__ import annotations

import pytest

from checkrein.catalog.data_classes import bare, data_class, lexicon
from checkrein.detect.names import classify

TECHNICAL = """
Access-Control-Allow-Credentials access_control_max_age Content-Security-Policy WWW-Authenticate
Idempotency-Key Sec-WebSocket-Key If-None-Match X-Forwarded-Proto Referrer-Policy X-Amz-Date
awsRegion eventSource requestTimeEpoch resourcePath isBase64Encoded statusCode methodArn
policyDocument approximateReceiveCount triggerSource callerContext itemIdentifier resultToken
configurationItemStatus claimsToAddOrOverride cognitoIdentityPoolId md5OfBody AWS_CONFIG_FILE
autoVerifyPhone issueRefreshToken userHasPassword customerAllowEmail forcePasswordReset
includeSalary redactSsn shouldMaskIban autoFillAddress ignoreAddress
createdDate modified_on lastUpdated last_modified_time dateCreated creationTimestamp deletedAt
deviceProfileName aws_profile_name buildProfileName InstanceProfileName ProfileName
totalRiders dailyOrders maxPassengers #email #buyerName PK#SK name#version city zip country town
"""

CARRIED = [
    ("Proxy-Authorization", "cred.token"),
    ("x-api-key", "cred.token"),
    ("usageIdentifierKey", "cred.token"),
    ("Set-Cookie", "cred.session"),
    ("AWS_SESSION_TOKEN", "cred.session"),
    ("x_forwarded_for", "pii.ip"),
    ("CloudFront-Viewer-Address", "pii.ip"),
    ("principalId", "pii.identifier"),
    ("authorizer-principal-id", "pii.identifier"),
    ("userArn", "pii.identifier"),
    ("cognitoIdentityId", "pii.identifier"),
    ("challengeAnswer", "cred.otp"),
    ("VENDOR_ID#INVOICE_DATE", "biz.organisation"),
    ("orderId|buyerEmail", "pii.email"),
    ("courierid", "pii.identifier"),
]

WITHIN = [
    ("day", "birthday", "pii.birth"),
    ("month", "dateOfBirth", "pii.birth"),
    ("year", "cardExpiration", "pay.expiry"),
    ("month", "expiry", "pay.expiry"),
    ("first", "name", "pii.name"),
    ("last", "guest/name", "pii.name"),
    ("number", "phone", "pii.phone"),
    ("countryCode", "mobileNumber", "pii.phone"),
    ("number", "passport", "pii.passport"),
    ("home", "phone", "pii.phone"),
    ("raw", "email", "pii.email"),
    ("old", "password", "cred.password"),
    ("value", "price", "fin.price"),
    ("line2", "billingAddress", "pii.address"),
    ("required", "password", None),
    ("text", "email", None),
    ("day", "forecast", None),
    ("month", "report", None),
    ("first", "results", None),
    ("first", "users", None),
    ("number", "page", None),
    ("value", "dimensions", None),
    ("city", "guest", "pii.address"),
    ("town", "shippingAddress", "pii.address"),
    ("zip", "order", "pii.address"),
    ("city", "weather", None),
    ("country", "currencies", None),
    ("pickupCity", "", "pii.address"),
    ("to", "SendInvoiceEmail", "pii.email"),
    ("bcc", "email", "pii.email"),
    ("to", "route", None),
    ("Name", "UserAttributes", None),
    ("Value", "CustomerTags", None),
    ("key", "riderProperties", None),
    ("name", "rider", "pii.name"),
    ("name", "profile", "pii.name"),
    ("name", "deviceProfile", None),
    ("createdDate", "Orders/item", None),
    ("updatedAt", "payment", None),
    ("date", "order", "biz.order"),
    ("firstName", "LogBucket", "pii.name"),
    ("id", "NoticeSenderFunction", None),
    ("id", "Sender", "pii.identifier"),
    ("length", "parcel/dimensions", None),
]


@pytest.mark.parametrize("name", TECHNICAL.split())
def test_machinery_says_nothing(name: str) -> None:
    assert classify(name) is None


@pytest.mark.parametrize(("name", "data"), CARRIED)
def test_known_fields_carry_data(name: str, data: str) -> None:
    match = classify(name)
    assert match is not None
    assert match.data == data


@pytest.mark.parametrize(("name", "around", "data"), WITHIN)
def test_name_is_read_with_what_is_around(name: str, around: str, data: str | None) -> None:
    match = classify(name, tuple(around.split("/")) if around else ())
    assert (match and match.data) == data


def test_a_part_is_never_surer_than_likely_unless_both_words_say_it() -> None:
    day, number = classify("day", ("birthday",)), classify("number", ("phone",))
    assert [match and match.confidence for match in (day, number)] == ["likely", "certain"]


def test_a_route_is_no_name() -> None:
    assert classify("POST /payment body") is None


def test_classes_of_the_tables_exist() -> None:
    known = lexicon()
    named = {sense.data for sense in known.fields.values() if sense} | {*known.parts} - {""}
    assert {id for id in named if data_class(id) is None} == set()
    assert {name for name in known.fields if name != bare(name)} == set()
