"""What calls need, on which ARNs, as a template would list them."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Need

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Parameters: {{Prefix: {{Type: String}}}}
Resources:
  Orders: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: orders}}}}
  Files: {{Type: AWS::S3::Bucket}}
  Jobs: {{Type: AWS::SQS::Queue}}
  News: {{Type: AWS::SNS::Topic}}
  Secret: {{Type: AWS::SecretsManager::Secret}}
  Flow: {{Type: AWS::StepFunctions::StateMachine}}
  Trail: {{Type: AWS::Logs::LogGroup}}
  Key: {{Type: AWS::KMS::Key}}
  Alias: {{Type: AWS::KMS::Alias, Properties: {{AliasName: alias/own, TargetKeyId: !Ref Key}}}}
  Sealed: {{Type: AWS::SQS::Queue, Properties: {{KmsMasterKeyId: !Ref Alias}}}}
  Live: {{Type: AWS::Lambda::Alias, Properties: {{FunctionName: !Ref Work, Name: live}}}}
  Part: {{Type: AWS::IAM::Role}}
  Plain: {{Type: AWS::SQS::Queue, Properties: {{KmsMasterKeyId: alias/aws/sqs}}}}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Environment:
        Variables:
          FILES: !Ref Files
          LIVE: !Ref Live
          ROLE: !GetAtt Part.Arn
          QUEUE: !Ref Jobs
          SEALED: !Ref Sealed
          PLAIN: !Ref Plain
          TOPIC: !Ref News
          SECRET: !Ref Secret
          FLOW: !Ref Flow
          TRAIL: !Ref Trail
          PREFIXED: !Sub "${{Prefix}}-stock"
      Code:
        ZipFile: |
          import boto3, os, uuid
          env = os.environ
          def handler(event, context):
{code}
"""


def needs(derived: Scan, code: str) -> list[Need]:
    app = derived({"app.yaml": TEMPLATE.format(code=indent(code, " " * 14))})
    return [need for need in app.every(Need) if need.needed and need.cause in {"call", "forwarded"}]


def shown(found: list[Need]) -> list[tuple[str, str]]:
    return sorted((need.action, str(arn)) for need in found for arn in need.arns)


HERE = "${@aws.Region}:${@aws.AccountId}"
ARN = "arn:${@aws.Partition}"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "boto3.client('dynamodb').put_item(TableName='orders', Item={})",
            [("dynamodb:PutItem", "${app/Orders.Arn}")],
            id="a table of the app by its plain name",
        ),
        pytest.param(
            "boto3.client('dynamodb').query(TableName='orders', IndexName='by-day')",
            [("dynamodb:Query", "${app/Orders.Arn}/index/by-day")],
            id="an index stands for its table",
        ),
        pytest.param(
            "boto3.client('dynamodb').query(TableName='elsewhere', IndexName='by-day')",
            [
                ("dynamodb:Query", f"{ARN}:dynamodb:{HERE}:table/elsewhere/index/by-day"),
                ("kms:Decrypt", f"{ARN}:kms:*:*:key/*"),
            ],
            id="an index outside the app",
        ),
        pytest.param(
            "boto3.client('s3').list_objects_v2(Bucket=env['FILES'], Prefix='in/')",
            [("s3:ListBucket", "${app/Files.Arn}")],
            id="a bucket",
        ),
        pytest.param(
            "boto3.client('s3').get_object(Bucket=env['FILES'], Key='in/list.csv')",
            [("s3:GetObject", "${app/Files.Arn}/in/list.csv")],
            id="an object",
        ),
        pytest.param(
            "boto3.client('s3').put_object(Bucket=env['FILES'], Key=f'in/{uuid.uuid4()}', Body='')",
            [("s3:PutObject", "${app/Files.Arn}/in/*")],
            id="objects of a prefix",
        ),
        pytest.param(
            "boto3.client('s3').copy_object(Bucket=env['FILES'], Key='new/x', CopySource='old/y')",
            [
                ("kms:Decrypt", f"{ARN}:kms:*:*:key/*"),
                ("s3:GetObject", f"{ARN}:s3:::old/y"),
                ("s3:PutObject", "${app/Files.Arn}/new/x"),
            ],
            id="a copy reads one object and writes another",
        ),
        pytest.param(
            "boto3.client('sns').publish(TopicArn=env['TOPIC'], Message='')",
            [("sns:Publish", "${app/News.Ref}")],
            id="a topic, whose Ref is its ARN",
        ),
        pytest.param(
            "boto3.client('secretsmanager').get_secret_value(SecretId=env['SECRET'])",
            [("secretsmanager:GetSecretValue", "${app/Secret.Ref}")],
            id="a secret",
        ),
        pytest.param(
            "boto3.client('secretsmanager').get_secret_value(SecretId='db')",
            [
                ("kms:Decrypt", f"{ARN}:kms:*:*:key/*"),
                (
                    "secretsmanager:GetSecretValue",
                    f"{ARN}:secretsmanager:{HERE}:secret:db-??????",
                ),
            ],
            id="a secret by its name",
        ),
        pytest.param(
            "boto3.client('stepfunctions').start_execution(stateMachineArn=env['FLOW'])",
            [("states:StartExecution", "${app/Flow.Ref}")],
            id="a state machine",
        ),
        pytest.param(
            "boto3.client('stepfunctions').describe_execution(executionArn="
            "'arn:aws:states:eu-west-1:111122223333:execution:far:one')",
            [
                (
                    "states:DescribeExecution",
                    f"{ARN}:states:eu-west-1:111122223333:execution:far:one",
                ),
                (
                    "states:DescribeExecution",
                    f"{ARN}:states:eu-west-1:111122223333:express:far:one:*",
                ),
            ],
            id="an execution, which may be of an express machine",
        ),
        pytest.param(
            "boto3.client('logs').put_log_events(logGroupName=env['TRAIL'], logStreamName='s')",
            [("logs:PutLogEvents", f"{ARN}:logs:{HERE}:log-group:${{app/Trail.Ref}}:log-stream:s")],
            id="a log stream",
        ),
        pytest.param(
            "boto3.client('logs').filter_log_events(logGroupName=env['TRAIL'])",
            [
                ("logs:FilterLogEvents", "${app/Trail.Arn}"),
                ("logs:FilterLogEvents", f"{ARN}:logs:{HERE}:log-group:${{app/Trail.Ref}}"),
            ],
            id="a log group with and without its star",
        ),
        pytest.param(
            "boto3.client('ssm').get_parameters_by_path(Path='/app/')",
            [
                ("ssm:GetParametersByPath", f"{ARN}:ssm:{HERE}:parameter/app"),
                ("ssm:GetParametersByPath", f"{ARN}:ssm:{HERE}:parameter/app/*"),
            ],
            id="parameters below a path",
        ),
        pytest.param(
            "boto3.client('sqs').send_message(QueueUrl="
            "'https://sqs.eu-west-1.amazonaws.com/111122223333/far', MessageBody='')",
            [
                ("kms:Decrypt", f"{ARN}:kms:*:*:key/*"),
                ("kms:GenerateDataKey", f"{ARN}:kms:*:*:key/*"),
                ("sqs:SendMessage", f"{ARN}:sqs:eu-west-1:111122223333:far"),
            ],
            id="a queue's URL tells region and account",
        ),
        pytest.param(
            "boto3.client('lambda').invoke("
            "FunctionName='arn:aws:lambda:eu-west-1:111122223333:function:other')",
            [("lambda:InvokeFunction", f"{ARN}:lambda:eu-west-1:111122223333:function:other")],
            id="an ARN as it is written",
        ),
        pytest.param(
            "boto3.client('lambda').invoke(FunctionName='other', Qualifier='live')",
            [("lambda:InvokeFunction", f"{ARN}:lambda:{HERE}:function:other:live")],
            id="a function's version",
        ),
        pytest.param(
            "boto3.client('lambda').invoke(FunctionName=env['LIVE'])",
            [("lambda:InvokeFunction", "${app/Work.Arn}:*")],
            id="an alias in the app",
        ),
        pytest.param(
            "boto3.client('stepfunctions').create_state_machine("
            "name='new', definition='{}', roleArn='arn:aws:iam::111122223333:role/flows')",
            [
                ("iam:PassRole", f"{ARN}:iam::111122223333:role/flows"),
                ("states:CreateStateMachine", f"{ARN}:states:{HERE}:stateMachine:new"),
            ],
            id="a role handed on",
        ),
        pytest.param(
            "boto3.client('events').put_targets(Rule='r', Targets=["
            "{'Id': '1', 'Arn': 'arn:aws:sqs:eu-west-1:111122223333:far', 'RoleArn': env['ROLE']}])",
            [
                ("events:PutTargets", f"{ARN}:events:{HERE}:rule/r"),
                ("iam:PassRole", "${app/Part.Arn}"),
            ],
            id="a role of the app handed on",
        ),
        pytest.param(
            "boto3.client('bedrock-runtime').invoke_model(modelId='vendor.model-v1', body='')",
            [
                ("bedrock:InvokeModel", f"{ARN}:bedrock:{HERE}:inference-profile/vendor.model-v1"),
                (
                    "bedrock:InvokeModel",
                    f"{ARN}:bedrock:${{@aws.Region}}::foundation-model/vendor.model-v1",
                ),
            ],
            id="a model by its id",
        ),
        pytest.param(
            "boto3.client('bedrock-runtime').converse(modelId='eu.vendor.it', messages=[])",
            [
                ("bedrock:InvokeModel", f"{ARN}:bedrock:{HERE}:inference-profile/eu.vendor.it"),
                ("bedrock:InvokeModel", f"{ARN}:bedrock:*::foundation-model/vendor.it"),
            ],
            id="a model by a profile of several regions",
        ),
        pytest.param(
            "boto3.client('apigateway').get_resources(restApiId='a')",
            [("apigateway:GET", f"{ARN}:apigateway:${{@aws.Region}}::/restapis/a/resources")],
            id="what of an API",
        ),
        pytest.param(
            "boto3.client('apigateway').update_usage_plan(usagePlanId='u', patchOperations=[])",
            [("apigateway:PATCH", f"{ARN}:apigateway:${{@aws.Region}}::/usageplans/u")],
            id="one of many kinds",
        ),
        pytest.param(
            "boto3.client('codepipeline').start_pipeline_execution(name='p')",
            [("codepipeline:StartPipelineExecution", f"{ARN}:codepipeline:{HERE}:p")],
            id="a type whose ARNs nobody wrote down",
        ),
        pytest.param(
            "boto3.client('sqs').purge_queue(QueueUrl=env.get('NOWHERE', ''))",
            [("sqs:PurgeQueue", f"{ARN}:sqs:*:*:*")],
            id="an empty name is none",
        ),
        pytest.param(
            "db = boto3.client('dynamodb')\n"
            "left = db.batch_get_item(RequestItems={'orders': {'Keys': [{'id': {'S': '1'}}]}})['UnprocessedKeys']\n"
            "while left:\n"
            "    left = db.batch_get_item(RequestItems=left)['UnprocessedKeys']",
            [("dynamodb:BatchGetItem", "${app/Orders.Arn}")],
            id="what a loop asks for again",
        ),
        pytest.param(
            "boto3.client('textract').start_document_analysis("
            "DocumentLocation={'S3Object': {'Bucket': env['FILES'], 'Name': 'in/a.pdf'}},"
            "OutputConfig={'S3Bucket': env['FILES'], 'S3Prefix': 'out/'}, FeatureTypes=[])",
            [
                ("s3:GetObject", "${app/Files.Arn}/in/a.pdf"),
                ("s3:PutObject", "${app/Files.Arn}/out/*"),
                ("textract:StartDocumentAnalysis", "*"),
            ],
            id="objects that a service reads and writes for its caller",
        ),
        pytest.param(
            "boto3.client('transcribe').start_transcription_job(TranscriptionJobName='j',"
            "Media={'MediaFileUri': 's3://talks/in/a.mp3'})",
            [
                ("kms:Decrypt", f"{ARN}:kms:*:*:key/*"),
                ("s3:GetObject", f"{ARN}:s3:::talks/in/a.mp3"),
                ("transcribe:StartTranscriptionJob", "*"),
            ],
            id="an object by its URL",
        ),
        pytest.param(
            "boto3.client('kinesis').put_record(StreamName=env['PREFIXED'], Data=b'')",
            [
                (
                    "kinesis:PutRecord",
                    f"{ARN}:kinesis:{HERE}:stream/${{app@parameter.Prefix}}-stock",
                ),
                ("kms:GenerateDataKey", f"{ARN}:kms:*:*:key/*"),
            ],
            id="a name made of a parameter",
        ),
        pytest.param(
            "boto3.client('ses').send_email(Source='Shop <shop@example.org>')",
            [
                ("ses:SendEmail", f"{ARN}:ses:{HERE}:identity/example.org"),
                ("ses:SendEmail", f"{ARN}:ses:{HERE}:identity/shop@example.org"),
            ],
            id="an address and its domain",
        ),
        pytest.param(
            "boto3.client('firehose', region_name='eu-north-1').put_record("
            "DeliveryStreamName='far', Record={})",
            [
                (
                    "firehose:PutRecord",
                    f"{ARN}:firehose:eu-north-1:${{@aws.AccountId}}:deliverystream/far",
                )
            ],
            id="a client made for a region",
        ),
        pytest.param(
            "boto3.resource('dynamodb', region_name='eu-north-1').Table('far').delete()",
            [("dynamodb:DeleteTable", f"{ARN}:dynamodb:eu-north-1:${{@aws.AccountId}}:table/far")],
            id="a resource object made for a region",
        ),
        pytest.param(
            "boto3.Session(region_name='eu-north-1').client('firehose').put_record("
            "DeliveryStreamName='far', Record={})",
            [
                (
                    "firehose:PutRecord",
                    f"{ARN}:firehose:eu-north-1:${{@aws.AccountId}}:deliverystream/far",
                )
            ],
            id="a session made for a region",
        ),
        pytest.param(
            "boto3.client('firehose', region_name=env['AWS_REGION']).put_record("
            "DeliveryStreamName='near', Record={})",
            [("firehose:PutRecord", f"{ARN}:firehose:{HERE}:deliverystream/near")],
            id="the function's own region",
        ),
        pytest.param(
            "boto3.client('apigatewaymanagementapi', endpoint_url='https://' + event['host'])"
            ".post_to_connection(ConnectionId='1', Data=b'')",
            [("execute-api:ManageConnections", f"{ARN}:execute-api:*:*:*/*/*/*")],
            id="an endpoint that the event names",
        ),
        pytest.param(
            "boto3.client('apigatewaymanagementapi', endpoint_url="
            "'https://abc1.execute-api.eu-west-1.amazonaws.com/live')"
            ".post_to_connection(ConnectionId='1', Data=b'')",
            [("execute-api:ManageConnections", f"{ARN}:execute-api:{HERE}:abc1/*/*/*")],
            id="an endpoint of an API",
        ),
        pytest.param(
            "boto3.client('cloudwatch').put_metric_data(Namespace='n', MetricData=[])",
            [("cloudwatch:PutMetricData", "*")],
            id="about no resource",
        ),
        pytest.param(
            "boto3.client('events').put_events(Entries=[{'Detail': '{}'}])",
            [("events:PutEvents", f"{ARN}:events:{HERE}:event-bus/default")],
            id="the bus that is meant where none is named",
        ),
        pytest.param(
            "boto3.client('dynamodb').transact_write_items("
            "TransactItems=[{'Put': {'TableName': 'orders', 'Item': {}}}])",
            [("dynamodb:PutItem", "${app/Orders.Arn}")],
            id="a transaction's parts",
        ),
        pytest.param(
            "boto3.client('redshift-data').execute_statement("
            "ClusterIdentifier='c', Database='d', DbUser='u', Sql='')",
            [
                ("redshift-data:ExecuteStatement", f"{ARN}:redshift:{HERE}:cluster:c"),
                ("redshift:GetClusterCredentials", f"{ARN}:redshift:{HERE}:dbname:c/d"),
                ("redshift:GetClusterCredentials", f"{ARN}:redshift:{HERE}:dbuser:c/u"),
            ],
            id="a login that the call makes",
        ),
    ],
)
def test_a_call_needs_its_action_on_what_it_names(
    derived: Scan, code: str, expected: list[tuple[str, str]]
) -> None:
    assert shown(needs(derived, code)) == expected


@pytest.mark.parametrize(
    ("code", "arn", "why"),
    [
        pytest.param(
            "boto3.client('s3').get_object(Bucket=env['FILES'], Key=event['key'])",
            "${app/Files.Arn}/*",
            "Key: the event says it (event.key)",
            id="the key",
        ),
        pytest.param(
            "boto3.client('sqs').purge_queue(QueueUrl=env['NOWHERE'])",
            f"{ARN}:sqs:*:*:*",
            "QueueUrl: the environment variable NOWHERE is set in no template",
            id="the environment",
        ),
        pytest.param(
            "boto3.client('firehose', region_name=event['region']).put_record("
            "DeliveryStreamName='far', Record={})",
            f"{ARN}:firehose:*:${{@aws.AccountId}}:deliverystream/far",
            "region: the event says it (event.region)",
            id="the client's region",
        ),
        pytest.param(
            "boto3.client('dynamodb').describe_table("
            "TableName=boto3.client('ssm').get_parameter(Name='/t')['Parameter']['Value'])",
            f"{ARN}:dynamodb:*:*:table/*",
            "TableName: it is in what GetParameter answers",
            id="another call's answer",
        ),
    ],
)
def test_what_only_running_tells_is_a_star_and_why(
    derived: Scan, code: str, arn: str, why: str
) -> None:
    found = [need for need in needs(derived, code) if need.open and need.cause == "call"]

    assert [(str(a), need.open) for need in found for a in need.arns] == [(arn, why)]


def test_a_queue_with_a_key_of_its_own_asks_for_the_key(derived: Scan) -> None:
    found = needs(
        derived, "boto3.client('sqs').send_message(QueueUrl=env['SEALED'], MessageBody='')"
    )
    keys = [need for need in found if need.cause == "forwarded"]

    assert shown(found) == [
        ("kms:Decrypt", "${app/Key.Arn}"),
        ("kms:GenerateDataKey", "${app/Key.Arn}"),
        ("sqs:SendMessage", "${app/Sealed.Arn}"),
    ]
    assert [need.conditions for need in keys] == [
        {"StringLike": {"kms:ViaService": ["sqs.*.amazonaws.com"]}}
    ] * 2


@pytest.mark.parametrize("queue", ["QUEUE", "PLAIN"])
def test_a_key_that_aws_keeps_is_not_asked_for(derived: Scan, queue: str) -> None:
    code = f"boto3.client('sqs').send_message(QueueUrl=env['{queue}'], MessageBody='')"

    assert {need.action for need in needs(derived, code)} == {"sqs:SendMessage"}


def certainty(found: list[Need]) -> list[tuple[str, bool]]:
    return sorted((str(need.arns[0]), need.certain) for need in found if need.cause == "call")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "boto3.client('sqs').purge_queue(QueueUrl=env['QUEUE'])",
            [("${app/Jobs.Arn}", True)],
            id="one resource",
        ),
        pytest.param(
            "boto3.client('s3').get_object(Bucket=env['FILES'], Key=event['key'])",
            [("${app/Files.Arn}/*", True)],
            id="one bucket, whatever its key",
        ),
        pytest.param(
            "boto3.client('sqs').purge_queue(QueueUrl=env[event['name']])",
            [(f"{ARN}:sqs:*:*:*", False)],
            id="open",
        ),
        pytest.param(
            "boto3.client('sqs').purge_queue(QueueUrl=env['QUEUE' if event['x'] else 'PLAIN'])",
            [("${app/Jobs.Arn}", False), ("${app/Plain.Arn}", False)],
            id="one of two",
        ),
        pytest.param(
            "boto3.client('transcribe').list_transcription_jobs()",
            [("*", True)],
            id="about no resource",
        ),
    ],
)
def test_a_need_is_certain_where_the_code_can_mean_nothing_else(
    derived: Scan, code: str, expected: list[tuple[str, bool]]
) -> None:
    assert certainty(needs(derived, code)) == expected


def test_two_calls_on_the_same_resource_are_one_need_with_both_places(derived: Scan) -> None:
    code = """\
boto3.client('sqs').purge_queue(QueueUrl=env['QUEUE'])
boto3.client('sqs').purge_queue(QueueUrl=env['QUEUE' if event['x'] else 'PLAIN'])
"""
    found = [need for need in needs(derived, code) if need.resource == "app/Jobs"]

    assert [(need.certain, len(need.evidence)) for need in found] == [(True, 2)]


def test_a_key_of_the_accounts_own_is_certain_only_where_it_is_seen(derived: Scan) -> None:
    code = """\
boto3.client('sqs').receive_message(QueueUrl=env['SEALED'])
boto3.client('sqs').receive_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/far')
boto3.client('s3').put_object(
    Bucket=env['FILES'], Key='a', SSEKMSKeyId='arn:aws:kms:eu-west-1:111122223333:key/far')
boto3.client('s3').put_object(Bucket=env['FILES'], Key='b', SSEKMSKeyId='alias/far')
"""
    keys = [need for need in needs(derived, code) if need.cause == "forwarded"]

    assert sorted((n.action, str(n.arns[0]), n.open, n.certain) for n in keys) == [
        ("kms:Decrypt", "${app/Key.Arn}", "", True),
        (
            "kms:Decrypt",
            f"{ARN}:kms:*:*:key/*",
            "https://sqs.eu-west-1.amazonaws.com/1/far may have a key of the account's own",
            False,
        ),
        ("kms:GenerateDataKey", f"{ARN}:kms:*:*:key/*", "an alias names the key", True),
        ("kms:GenerateDataKey", f"{ARN}:kms:eu-west-1:111122223333:key/far", "", True),
    ]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        pytest.param("get_parameter(Name='/far', WithDecryption=True)", True, id="decrypted"),
        pytest.param("get_parameter(Name='/far', WithDecryption=False)", False, id="as it is"),
        pytest.param("get_parameter(Name='/far', WithDecryption=event['x'])", True, id="perhaps"),
        pytest.param("get_parameter(Name='/far')", False, id="not asked for"),
        pytest.param("put_parameter(Name='/far', Type='SecureString')", True, id="sealed"),
        pytest.param("put_parameter(Name='/far', Type='String')", False, id="plain"),
    ],
)
def test_a_parameter_asks_for_a_key_only_where_it_is_sealed(
    derived: Scan, code: str, *, asked: bool
) -> None:
    found = needs(derived, f"boto3.client('ssm').{code}")

    assert any(need.cause == "forwarded" for need in found) is asked


@pytest.mark.parametrize("region", ["{region: 'eu-north-1'}", "{region: process.env.FAR}"])
def test_a_region_that_all_clients_are_given_counts(derived: Scan, region: str) -> None:
    template = """
      Resources:
        Work:
          Type: AWS::Lambda::Function
          Properties:
            Runtime: nodejs22.x
            Handler: index.handler
            Role: arn:aws:iam::111122223333:role/worker
            Code: src
    """
    module = f"""
      const AWS = require('aws-sdk')
      AWS.config.update({region})
      const store = new AWS.DynamoDB()
      exports.handler = async () => store.deleteTable({{TableName: 'far'}}).promise()
    """
    app = derived({"app.yaml": template, "src/index.js": module})
    found = [need for need in app.every(Need) if need.action == "dynamodb:DeleteTable"]
    expected = "eu-north-1" if "north" in region else "*"
    assert [str(arn) for need in found for arn in need.arns] == [
        f"{ARN}:dynamodb:{expected}:${{@aws.AccountId}}:table/far"
    ]
