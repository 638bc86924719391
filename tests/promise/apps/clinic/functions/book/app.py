"""Books a visit: the patient's record, the visit, a reminder."""

import json
import os

import boto3
from clinic_tools import new_id

tables = boto3.resource("dynamodb")
patients = tables.Table(os.environ["PATIENTS_TABLE"])
visits = tables.Table(os.environ["VISITS_TABLE"])
queue = boto3.client("sqs")
topic = boto3.client("sns")


def handler(event, context):
    request = json.loads(event["body"])
    visit_id = new_id()
    patients.put_item(
        Item={
            "patient": request["patient"],
            "email": request["email"],
            "phone": request["phone"],
        }
    )
    visits.put_item(
        Item={
            "visitId": visit_id,
            "patient": request["patient"],
            "startTime": request["startTime"],
        }
    )
    queue.send_message(
        QueueUrl=os.environ["REMINDERS_QUEUE"],
        MessageBody=json.dumps({"kind": "text", "patient": request["patient"]}),
    )
    topic.publish(TopicArn=os.environ["CALLS_TOPIC"], Message=json.dumps({"visitId": visit_id}))
    return {"statusCode": 201, "body": json.dumps({"visitId": visit_id})}
