"""Makes the monthly report from the papers that were scanned."""

import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    bucket = os.environ["PAPERS_BUCKET"]
    paper = s3.get_object(Bucket=bucket, Key="scans/latest.json")
    diagnosis = json.loads(paper["Body"].read())["diagnosis"]
    return {"known": bool(diagnosis)}
