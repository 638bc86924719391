"""Takes fares: one message of the queue is one ride to be paid for."""

import json
import os

import boto3
import requests

rides = boto3.resource("dynamodb").Table(os.environ["RIDES_TABLE"])


def handler(event, context):
    for record in event["Records"]:
        charge(json.loads(record["body"]))


def charge(payment):
    ride = rides.get_item(Key={"rideId": payment["rideId"]})["Item"]
    answer = requests.post(
        os.environ["COACHPAY_URL"],
        headers={"Authorization": "Bearer " + os.environ["COACHPAY_API_KEY"]},
        json={
            "card": payment["card"],
            "amount": payment["amount"],
            "email": ride["email"],
            "reference": payment["rideId"],
        },
        timeout=10,
    )
    if not answer.ok:
        print("could not charge", payment)  # fault 13
    rides.update_item(
        Key={"rideId": payment["rideId"]},
        UpdateExpression="SET paymentStatus = :status, chargeId = :charge",
        ExpressionAttributeValues={
            ":status": "asked" if answer.ok else "failed",
            ":charge": answer.json().get("id", ""),
        },
    )
