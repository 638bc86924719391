"""What is sent on goes over plain HTTP.

## Why

A topic, a delivery stream or an event destination with an `http://` address sends each message readable
and changeable by everybody on the way, and the receiver cannot tell who sent it.

## Fix

Use the `https://` address.

## Examples

```yaml bad template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
  Hook:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: http  #! News (e-mail address) is sent over plain HTTP
      Endpoint: http://example.com/hook
```

```yaml bad checkrein.yaml
resources:
  template/News: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
  Hook:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: https
      Endpoint: https://example.com/hook
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.keeping import text_of, with_data
from checkrein.checks.subscribers import subscriptions
from checkrein.model import App, Finding, Fix, Resource

ADDRESSES = {  # other types that send on, and where their address stands
    "AWS::Events::ApiDestination": "InvocationEndpoint",
    "AWS::KinesisFirehose::DeliveryStream": (
        "HttpEndpointDestinationConfiguration.EndpointConfiguration.Url"
    ),
}
PLAIN = "http://"


@check(
    resource("AWS::SNS::Topic", *ADDRESSES),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=("CWE-319",),
    peers=("sns_subscription_not_using_http_endpoints",),
)
def data_sent_over_http(sender: Resource, app: App) -> Iterator[Finding]:
    message = f"{with_data(app, sender.id)} is sent over plain HTTP"
    path = ADDRESSES.get(sender.type)
    if path and text_of(sender.value(path)).startswith(PLAIN):
        fix = _secured(sender, path)
        yield Finding(sender.where(path), message, cwe="CWE-319", endangers=(sender.id,), fix=fix)
    for each in subscriptions(app, sender) if not path else ():
        if each.protocol == "http":
            fix = _secured(each.holder, (*each.path, "Endpoint"), (*each.path, "Protocol"))
            yield Finding(each.place, message, cwe="CWE-319", endangers=(sender.id,), fix=fix)


def _secured(
    holder: Resource, address: str | tuple[str | int, ...], *protocol: object
) -> Fix | None:
    """Return the fix that asks for HTTPS, where the address is written as a text."""
    written = holder.value(address)
    if not isinstance(written, str):
        return None
    changes = [(address, written.replace(PLAIN, "https://", 1))]
    changes += [(path, "https") for path in protocol]  # type: ignore[misc]
    return set_fix(holder, changes, "send it over HTTPS")
