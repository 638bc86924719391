r"""What somebody sends becomes a part of an e-mail's HTML, unescaped.

## Why

Who may write into a mail that comes from your domain may write all of it: a link to a false sign-in, a
hidden end of your own text. Receivers and their filters trust the sender, and that is you.

## Fix

Escape each value (`html.escape`, `escape-html`), or send what was written as plain text.

## Examples

```python bad
import boto3

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    boto3.client("ses").send_email(  #! anyone can write HTML into mails of Example through event.queryStringParameters.name
        Source="shop@example.com",
        Destination={"ToAddresses": ["office@example.com"]},
        Message={
            "Subject": {"Data": "New order"},
            "Body": {"Html": {"Data": f"<p>Order of {name}</p>"}},
        },
    )
```

```javascript bad
const nodemailer = require("nodemailer");
const transport = nodemailer.createTransport({ host: "mail.example.com" });

exports.handler = async (event) => {
  const { name, text } = JSON.parse(event.body);
  await transport.sendMail({ to: "office@example.com", html: `<p>${name}</p>`, text }); //! anyone can write HTML into mails of Example through event.body.name
};
```

```python good
import html
import boto3

def handler(event, context):
    asked = event["queryStringParameters"]
    boto3.client("ses").send_email(
        Source="shop@example.com",
        Destination={"ToAddresses": ["office@example.com"]},
        Message={
            "Subject": {"Data": "New order"},
            "Body": {
                "Html": {"Data": f"<p>Order of {html.escape(asked['name'])}</p>"},
                "Text": {"Data": "Order of " + asked["name"]},
            },
        },
    )
```

```javascript good
const { SESv2Client, SendEmailCommand } = require("@aws-sdk/client-sesv2");
const escape = require("escape-html");
const client = new SESv2Client({});

exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  const Body = { Html: { Data: `<p>${escape(name)}</p>` }, Text: { Data: name } };
  await client.send(
    new SendEmailCommand({ Content: { Simple: { Subject: { Data: "New order" }, Body } } })
  );
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import finding, reached
from checkrein.model import App, CallSite, Finding, Function, Taint

HTML = ("Body.Html.Data", "message.html")


@check(every(Function), fault=1, topics=("cross-site-scripting",), frameworks=("CWE-80",))
def unescaped_html_in_mail(function: Function, app: App) -> Iterator[Finding]:
    for fault in reached(function, app, "html", _is_mail):
        name = short(function.id)
        message = f"{fault.who} can write HTML into mails of {name} through {fault.fields}"
        yield finding(app, fault, message, "CWE-80")


def _is_mail(site: CallSite, taint: Taint) -> bool:
    mails = site.service in {"ses", "sesv2", "html"}
    return mails and taint.argument.endswith(HTML)
