"""Pages of any site may work with a bucket.

## Why

A CORS rule with the origin `*` lets the script of every page that a user visits read what the bucket
answers to that user's presigned URLs and credentials, and put objects with them.

## Fix

Name the application's own origins in `AllowedOrigins`.

## Examples

```yaml bad template.yaml
Resources:
  Invoices:
    Type: AWS::S3::Bucket
    Properties:
      CorsConfiguration:
        CorsRules:
          - AllowedOrigins: ["*"]  #! pages of any site may work with Invoices (e-mail address) by GET and PUT
            AllowedMethods: [GET, PUT]
```

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Invoices:
    Type: AWS::S3::Bucket
    Properties:
      CorsConfiguration:
        CorsRules:
          - AllowedOrigins: ["https://shop.example.com"]
            AllowedMethods: [GET, PUT]
```

```yaml good checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import items, weighed, with_data
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource
from checkrein.model.values import items_of, members_of

RULES = ("CorsConfiguration", "CorsRules")


@check(
    resource("AWS::S3::Bucket"),
    fault=1,
    topics=("configuration",),
    frameworks=("CWE-942",),
)
def bucket_open_to_any_site(bucket: Resource, app: App) -> Iterator[Finding]:
    if bucket.value("WebsiteConfiguration") is not None:
        return  # its content is public
    for index, each in enumerate(items_of(bucket.value(RULES), RULES[-1])):
        rule = members_of(each, RULES[-1])
        if "*" in items(rule.get("AllowedOrigins")):
            methods = [str(method) for method in items(rule.get("AllowedMethods"))]
            message = f"pages of any site may work with {with_data(app, bucket.id)}"
            message += f" by {listed(methods, len(methods))}" if methods else ""
            place = bucket.where((*RULES, index, "AllowedOrigins"))
            yield weighed(app, Finding(place, message, cwe="CWE-942"), bucket.id)
