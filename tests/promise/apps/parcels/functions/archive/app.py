"""Keeps what the table says of parcels."""

import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        kept = {"parcelId": image["parcelId"]["S"], "price": image["price"]["S"]}
        s3.put_object(
            Bucket=os.environ["ARCHIVE"],
            Key=f"parcels/{kept['parcelId']}.json",
            Body=json.dumps(kept),
        )
