"""What names tell, alone and within others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.detect.names import Match, classify, entity

ALONE = """
email pii.email certain                        riderEmail pii.email certain
EMAIL_ADDRESS pii.email certain                e-mail pii.email certain
customeremail pii.email certain                ssn pii.national_id certain
personalNumber pii.national_id certain
password cred.password certain                 newPassword cred.password certain
pwd cred.password likely                       creditCardNumber pay.pan certain
cc_num pay.pan certain                         cvv2 pay.cvv certain
cardLast4 pay.truncated certain                expMonth pay.expiry certain
iban bank.account certain                      fname pii.name likely
first_name pii.name certain                    guestName pii.name likely
dob pii.birth certain                          lat pii.location likely
lng pii.location likely                        tel pii.phone likely
addr pii.address likely                        billing_address_line_1 pii.address certain
zipCode pii.address certain                    sourceIp pii.ip certain
cognito:username pii.username certain          userId pii.identifier certain
ownerIDs pii.identifier likely                 createdBy pii.identifier likely
user pii.identifier likely                     sub pii.identifier possible
licensePlate pii.vehicle certain               diagnosis phi.diagnosis certain
patientId phi.record certain                   bloodType phi.diagnosis certain
religion special.religion certain              price fin.price certain
totalAmount fin.price certain                  salary fin.salary certain
invoiceId fin.payment certain                  accountBalance fin.balance certain
rideId biz.schedule certain                    pickup_time biz.schedule certain
flight biz.schedule likely                     orderId biz.order certain
orderStatus biz.order certain                  productName biz.catalogue likely
dogBreed biz.entity likely                     companyName biz.organisation certain
DB_PASSWORD cred.password certain              API_KEY cred.token certain
JWT_SECRET cred.secret certain                 STRIPE_SECRET_KEY cred.secret certain
Authorization cred.token certain               Set-Cookie cred.session certain
AWS_SECRET_ACCESS_KEY cred.cloud_key certain   verificationCode cred.otp certain
DATABASE_URL cred.connection likely            passwordHash cred.hash certain
"""

TECHNICAL = """
functionName tableName bucketName fileName hostname domainName keyName groupName eventName
statusCode requestId nextToken pageToken continuationToken clientToken taskToken maxTokens
inputTokens totalTokens tokenType tokenUse keyId kmsKeyId primaryKey sortKey partitionKey
publicKey objectKey emailSent emailVerified emailTemplate EMAIL_TABLE hasPassword isEmail
passwordPolicy passwordLength resetPasswordUrl userPoolId UserPoolClientId clientId userAgent
createdAt updatedAt timestamp ttl expiresAt status type id name title description message body
headers queryStringParameters pathParameters httpMethod TABLE_NAME LOG_LEVEL REGION TOPIC_ARN
QUEUE_URL cardId addressBook custom:role cognito:groups privateIp subnetIds location Location
state key value count ACCOUNT_ID secretArn SECRET_NAME apiKeyId s3Key USERS_TABLE productsTable
sendEmail getUserName correlationId version sortOrder executionOrder orderBy deliveryStreamName
DeliveryMethodArn sessionTimeout cookieTtl temperature tenantAddress availableTokens lastToken
prevToken cursorToken consumedTokens scanToken
"""

WITHIN = [
    ("name", ("Users",), "pii.name"),
    ("Name", ("Rider",), "pii.name"),
    ("name", ("api/CustomersTable", "Item"), "pii.name"),
    ("name", ("Products",), "biz.catalogue"),
    ("latitude", ("Hospitals",), None),  # of a place, not of somebody
    ("longitude", ("BusStops",), None),
    ("address", ("Cafe",), None),
    ("restaurantLatitude", (), None),
    ("latitude", ("Drivers",), "pii.location"),
    ("latitude", ("Vehicles",), "pii.location"),  # where it is, its driver is
    ("address", ("Guests",), "pii.address"),
    ("name", ("Unicorn",), "biz.entity"),
    ("name", ("Functions",), None),
    ("name", ("Users", "preferences"), None),
    ("name", ("Orders", "customer"), "pii.name"),
    ("id", ("UsersTable",), "pii.identifier"),
    ("id", ("Bookings",), "biz.schedule"),
    ("id", ("requestContext",), None),
    ("sub", ("authorizer", "claims"), "pii.identifier"),
    ("gender", ("Unicorn",), "biz.entity"),
    ("gender", ("Unicorn", "owner"), "pii.demographics"),
    ("number", ("payment", "card"), "pay.pan"),
    ("cardNumber", ("PaymentsTable",), "pay.pan"),
    ("cardNumber", ("createLoyaltyCard",), None),
    ("number", ("LibraryCards",), None),
    ("creditCard", ("LoyaltyCards",), "pay.pan"),
    ("code", ("card",), "pay.cvv"),
    ("code", (), None),
    ("state", ("shippingAddress",), "pii.address"),
    ("RequestTime", ("Rides", "Item"), "biz.schedule"),
    ("CreatedAt", ("Rides", "Item"), None),
    ("condition", ("Patients",), "phi.diagnosis"),
    ("total", ("order",), "fin.price"),
    ("total", (), None),
    ("location", ("Driver",), "pii.location"),
    ("functionName", ("Users",), None),
    ("Items", ("OrdersTable",), None),
    ("LastEvaluatedKey", ("Rides",), None),
    ("status", ("CreateOrder",), None),
    ("state", ("UserLogin",), None),
    ("first", ("Users",), None),
    ("totalRecords", ("Payments",), None),
    ("selectedName", ("Users",), "pii.name"),
    ("passes", ("attendee",), None),  # to get in, not to sign in
    ("pass", ("attendee",), "cred.password"),
    ("passwords", ("attendee",), "cred.password"),
    ("copiesOnLoan", (), None),  # of a library
    ("loanId", ("Books",), None),
    ("loanId", ("Customers",), "fin.credit"),
    ("studentLoan", (), "fin.credit"),
    ("age_range", ("target_demographics",), None),  # who is to be sold to: nobody
    ("targetAgeRange", (), None),
    ("age_range", ("user", "demographics"), "pii.demographics"),
    ("gender", ("patient", "demographics"), "pii.demographics"),
]


def triples(table: str) -> list[tuple[str, str, str]]:
    words = table.split()
    return list(zip(words[::3], words[1::3], words[2::3], strict=True))


@pytest.mark.parametrize(("name", "data", "confidence"), triples(ALONE))
def test_name_alone(name: str, data: str, confidence: str) -> None:
    match = classify(name)
    assert match is not None
    assert (match.data, match.confidence) == (data, confidence)


@pytest.mark.parametrize("name", TECHNICAL.split())
def test_technical_name_says_nothing(name: str) -> None:
    assert classify(name) is None


@pytest.mark.parametrize(("name", "context", "data"), WITHIN)
def test_name_within_others(name: str, context: tuple[str, ...], data: str | None) -> None:
    match = classify(name, context)
    assert (match and match.data) == data


@pytest.mark.parametrize("file", ["names.txt", "homonyms.txt"])
def test_families_of_many_names(file: str) -> None:
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    wrong = {}
    for told in " ".join(line for line in text.splitlines() if line[:1] != "#").split():
        label, _, families = told.rpartition("=")
        name, _, context = label.partition("@")
        match = classify(name, tuple(context.split("/")) if context else ())
        family = match.data.partition(".")[0] if match else "-"
        if family not in families.split(","):
            wrong[label] = family
    assert wrong == {}


def test_match_says_which_words_told_it() -> None:
    assert classify("RiderEmailValue") == Match("pii.email", "certain", "rider email")


def test_entity_passes_over_words_that_only_hold_things() -> None:
    names = [
        "UsersTable",
        "rideRecord",
        "create-order",
        "productHandler",
        "LogBucket",
        "body",
        "foo",
    ]
    kinds = ["person", "booking", "order", "goods", "technical", None, None]
    assert [entity(name) for name in names] == kinds


WORDS = st.lists(
    st.sampled_from(
        [
            "rider",
            "user",
            "email",
            "password",
            "name",
            "order",
            "id",
            "first",
            "card",
            "number",
            "table",
            "token",
        ]
    ),
    min_size=1,
    max_size=4,
)


@given(WORDS, st.sampled_from([(), ("Users",), ("Orders",)]))
def test_case_style_does_not_matter(words: list[str], context: tuple[str, ...]) -> None:
    titled = [word.title() for word in words]
    styles = ["_".join(words), "-".join(words), ".".join(words), "_".join(words).upper()]
    styles += ["".join(titled), "".join([words[0], *titled[1:]]), " ".join(words)]
    assert len({classify(style, context) for style in styles}) == 1


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_is_a_name(name: str, context: list[str]) -> None:
    match = classify(name, tuple(context))
    assert match is None or match.confidence in {"certain", "likely", "possible"}
