r"""What somebody sends stands among the headers of an e-mail that code writes as text.

## Why

A line break ends a header. What follows is the next: `Bcc:` with a thousand receivers, another
`Content-Type`, or the end of the headers and a text of their own, in your name.

## Fix

Let a library write the message (`email.message.EmailMessage`, nodemailer), which refuses or folds line
breaks, or use an operation that takes subject and text apart (`SendEmail`).

## Examples

```python bad
import boto3

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    boto3.client("ses").send_raw_email(  #! anyone can write headers of mails that Example sends through event.queryStringParameters.name
        RawMessage={"Data": f"To: office@example.com\nSubject: Order of {name}\n\nNew order."},
    )
```

```javascript bad
const { SESClient, SendRawEmailCommand } = require("@aws-sdk/client-ses");
const client = new SESClient({});

exports.handler = async (event) => {
  const { mail, text } = JSON.parse(event.body);
  const Data = "To: office@example.com\r\nReply-To: " + mail + "\r\n\r\n" + text;
  await client.send(new SendRawEmailCommand({ RawMessage: { Data } })); //! anyone can write headers of mails that Example sends through event.body.mail
};
```

```python good
import boto3
from email.message import EmailMessage

def handler(event, context):
    asked = event["queryStringParameters"]
    ses = boto3.client("ses")
    subject = asked["subject"].replace("\r", "").replace("\n", " ")
    text = f"To: office@example.com\nSubject: {subject}\n\n{asked['text']}"
    ses.send_raw_email(RawMessage={"Data": text})
    message = EmailMessage()
    message["Subject"] = asked["subject"]
    message.set_content(asked["text"])
    ses.send_raw_email(RawMessage={"Data": message.as_bytes()})
```

```javascript good
const { SESClient, SendRawEmailCommand } = require("@aws-sdk/client-ses");
const client = new SESClient({});

exports.handler = async (event) => {
  const { text } = JSON.parse(event.body);
  const Data = `To: office@example.com\n\n${text}`;
  await client.send(new SendRawEmailCommand({ RawMessage: { Data } }));
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import finding, reached, said
from checkrein.late import regex
from checkrein.model import App, CallSite, Finding, Function, Symbol, Taint, Text

RAW = ("RawMessage.Data", "Content.Raw.Data", "msg")
ENDED = regex(r"\r?\n\r?\n")


@check(every(Function), fault=1, topics=("injection",), frameworks=("CWE-93",))
def header_injection_in_mail(function: Function, app: App) -> Iterator[Finding]:
    for fault in reached(function, app, "header", _is_header):
        name = short(function.id)
        message = f"{fault.who} can write headers of mails that {name} sends through {fault.fields}"
        yield finding(app, fault, message, "CWE-93")


def _is_header(site: CallSite, taint: Taint) -> bool:
    mails = site.service in {"ses", "sesv2", "header"} and taint.argument in RAW
    return mails and any(_is_above(option, taint.source) for option in said(site, taint.argument))


def _is_above(message: object, source: Symbol) -> bool:
    """Tell whether content stands before the empty line that ends the headers."""
    before = ""
    for part in message.parts if isinstance(message, Text) else ():
        if ENDED.search(before):
            return False
        if part == source:
            return True
        before += part if isinstance(part, str) else "x"
    return False
