"""Mails the office what the state machine says of a parcel."""

import json
import os

import boto3

s3 = boto3.client("s3")
mail = boto3.client("ses")


def handler(event, context):
    for record in event["Records"]:
        message = json.loads(record["Sns"]["Message"])
        s3.get_object(Bucket=os.environ["LABELS"], Key=f"print/{message['parcelId']}.pdf")
        mail.send_email(
            Source=os.environ["SENDER"],
            Destination={"ToAddresses": ["office@parcels.example"]},
            Message={
                "Subject": {"Data": "A parcel was routed"},
                "Body": {"Text": {"Data": "parcel " + message["parcelId"]}},
            },
        )
