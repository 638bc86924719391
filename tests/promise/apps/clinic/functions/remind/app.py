"""Reminds patients by text message, through a partner."""

import json
import os

import boto3
import requests

patients = boto3.resource("dynamodb").Table(os.environ["PATIENTS_TABLE"])
secrets = boto3.client("secretsmanager")


def handler(event, context):
    for record in event["Records"]:
        reminder = json.loads(record["body"])
        remind(reminder["patient"])


def remind(name):
    patient = patients.get_item(Key={"patient": name})["Item"]
    secret = secrets.get_secret_value(SecretId=os.environ["PARTNER_SECRET"])["SecretString"]
    answer = requests.post(
        os.environ["PARTNER_URL"],
        headers={"Authorization": "Bearer " + secret},
        json={"phone": patient["phone"], "text": "See you tomorrow"},
        timeout=10,
    )
    if not answer.ok:
        print("not reminded", answer.status_code)
