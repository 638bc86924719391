import json
import os
from typing import Any

import boto3

archive = boto3.client("s3")


def send(event: dict[str, Any], context: object) -> None:
    for record in event["Records"]:
        order = json.loads(record["body"])
        archive.put_object(Bucket=os.environ["ARCHIVE"], Key=order["id"], Body=order["email"])
