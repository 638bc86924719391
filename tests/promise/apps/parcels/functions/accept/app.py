"""Accepts a parcel from a shop and tells the bus."""

import json
import os

import boto3

tables = boto3.resource("dynamodb")
parcels = tables.Table(os.environ["PARCELS"])
customers = tables.Table(os.environ["CUSTOMERS"])
bus = boto3.client("events")


def handler(event, context):
    parcel = json.loads(event["body"])
    customers.put_item(
        Item={
            "customerId": parcel["customerId"],
            "fullName": parcel["fullName"],
            "address": parcel["address"],
        }
    )
    parcels.put_item(
        Item={
            "parcelId": parcel["parcelId"],
            "customerId": parcel["customerId"],
            "price": parcel["price"],
        }
    )
    bus.put_events(
        Entries=[
            {
                "EventBusName": os.environ["BUS"],
                "Source": "parcels",
                "DetailType": "accepted",
                "Detail": json.dumps(
                    {"parcelId": parcel["parcelId"], "customerId": parcel["customerId"]}
                ),
            }
        ]
    )
    return {"statusCode": 202, "body": json.dumps({"parcelId": parcel["parcelId"]})}
