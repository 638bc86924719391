"""Coachpay calls back when a charge is settled."""

import json
import os

import boto3

rides = boto3.resource("dynamodb").Table(os.environ["RIDES_TABLE"])


def handler(event, context):
    settled = json.loads(event["body"])
    rides.update_item(
        Key={"rideId": settled["reference"]},
        UpdateExpression="SET paymentStatus = :status",
        ExpressionAttributeValues={":status": settled["status"]},
    )
    return {"statusCode": 204}
