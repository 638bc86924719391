"""Counts the parcels, every night."""

import os

import boto3

parcels = boto3.resource("dynamodb").Table(os.environ["PARCELS"])


def handler(event, context):
    found = parcels.scan()["Items"]
    print("parcels", len(found))
