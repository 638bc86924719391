"""What plugins add: state machines, service proxies, GraphQL APIs, Lift's constructs."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Resource
from checkrein.read.cloudformation import read_templates
from tests.read.serverless.compiling import functions, read

FLOW = """\
service: shop
plugins: [serverless-step-functions]
provider: {name: aws}
functions:
  charge: {handler: a.b}
stepFunctions:
  stateMachines:
    order:
      events:
        - http: {path: orders, method: post}
        - schedule: rate(1 hour)
        - eventBridge: {event: {source: [shop]}}
      definition:
        StartAt: Charge
        States:
          Charge: {Type: Task, Resource: !GetAtt charge.Arn, Next: Each}
          Each:
            Type: Map
            Iterator:
              StartAt: Keep
              States:
                Keep:
                  Type: Task
                  Resource: arn:aws:states:::dynamodb:putItem
                  Parameters: {TableName: !Ref Orders}
                  End: true
            Next: Tell
          Tell:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage
            Parameters: {QueueUrl: !Ref Jobs}
            End: true
    fixed: {name: fixed-name, role: arn:aws:iam::123456789012:role/x, definition: {States: {}}}
    idle: {definition: {StartAt: P, States: {P: {Type: Pass, End: true}}}}
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table}
    Jobs: {Type: AWS::SQS::Queue}
"""


def test_a_state_machine_gets_the_rights_that_its_tasks_need() -> None:
    found = read(FLOW)
    machine = "OrderStepFunctionsStateMachine"
    states = found.of(machine, "Definition.States")
    assert states["Charge"]["Resource"] == "${ChargeLambdaFunction.Arn}"
    assert [(s["Action"], s["Resource"]) for s in found.statements(f"{machine}Role")] == [
        (
            ["lambda:InvokeFunction"],
            ["${ChargeLambdaFunction.Arn}", "${ChargeLambdaFunction.Arn}:*"],
        ),
        (["dynamodb:PutItem"], "${Orders.Arn}"),
        (["sqs:SendMessage"], "${Jobs.Arn}"),
    ]
    path = "Policies.0.PolicyDocument.Statement"
    assert found.line(f"{machine}Role", f"{path}.0").startswith("Charge:")
    assert found.line(f"{machine}Role", f"{path}.1").startswith("Keep:")
    idle = found.statements("IdleStepFunctionsStateMachineRole")
    assert idle == [{"Effect": "Deny", "Action": "*", "Resource": "*"}]


def test_state_machines_are_named_and_started() -> None:
    found = read(FLOW)
    assert found.of("FixedDashname", "StateMachineName") == "fixed-name"
    assert "FixedDashnameRole" not in found.resources
    method = found.of("ApiGatewayMethodOrdersPost", "Integration")
    assert method["Uri"] == "arn:${Partition}:apigateway:${Region}:states:action/StartExecution"
    assert method["Credentials"] == "${ApigatewayToStepFunctionsRole.Arn}"
    schedule = found.of("OrderStepFunctionsEventsRuleSchedule1", "Targets.0")
    assert schedule["Arn"] == "${OrderStepFunctionsStateMachine.Ref}"
    assert schedule["RoleArn"] == "${OrderScheduleToStepFunctionsRole.Arn}"
    pattern = found.of("OrderEventsRuleCloudWatchEvent1", "EventPattern")
    assert pattern == {"source": ["shop"]}


def test_a_task_whose_rights_are_not_known_is_said() -> None:
    found = read(FLOW.replace("arn:aws:states:::sqs:sendMessage", "arn:aws:states:::new:thing"))
    assert found.lost == ["which rights the task arn:aws:states:::new:thing needs is not known"]


def test_api_gateway_hands_routes_to_services_in_a_role() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-apigateway-service-proxy]\n"
        "provider: {name: aws}\n"
        "custom:\n"
        "  apiGatewayServiceProxies:\n"
        "    - sqs: {path: /jobs, method: post, queueName: !GetAtt Jobs.QueueName}\n"
        "    - dynamodb: {path: '/o/{id}', method: get, action: GetItem, "
        "tableName: !Ref Orders, hashKey: {keyName: id, pathParam: id}}\n"
        "    - smoke: {path: /s, method: get}\n"
        "resources: {Resources: {Jobs: {Type: AWS::SQS::Queue}, "
        "Orders: {Type: AWS::DynamoDB::Table}}}\n"
    )
    jobs = found.of("ApiGatewayMethodJobsPost", "Integration")
    assert jobs["Uri"].endswith(":sqs:path//${AccountId}/${Jobs.QueueName}")
    assert jobs["Credentials"] == "${ApigatewayToSqsRole.Arn}"
    order = found.of("ApiGatewayMethodOIdVarGet", "Integration.RequestTemplates.application/json")
    assert order == (
        '{"TableName": "${Orders.Ref}", "Key": {"id": {"S": "$input.params().path.id"}}}'
    )
    assert found.statements("ApigatewayToDynamodbRole")[1]["Action"] == ["dynamodb:GetItem"]
    assert found.lost == ["the service proxy of smoke is not known"]


GRAPH = """\
service: shop
plugins: [serverless-appsync-plugin]
provider: {name: aws}
functions: {find: {handler: a.b}}
appSync:
  name: shop
  authentication: {type: AMAZON_COGNITO_USER_POOLS, config: {userPoolId: !Ref People}}
  additionalAuthentications: [{type: API_KEY}]
  apiKeys: [public]
  dataSources:
    orders: {type: AMAZON_DYNAMODB, config: {tableName: !Ref Orders}}
    find: {type: AWS_LAMBDA, config: {functionName: find}}
  pipelineFunctions:
    keep: {dataSource: orders, request: keep.vtl, response: keep.vtl}
  resolvers:
    Query.find: {kind: UNIT, dataSource: find}
    Mutation.order: {functions: [keep]}
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table}
    People: {Type: AWS::Cognito::UserPool}
"""


def test_a_graphql_api_has_its_sources_with_their_rights(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text("type Query { find: String }\n")
    (tmp_path / "keep.vtl").write_text('{"operation": "PutItem"}')
    found = read(GRAPH, tmp_path)
    assert found.of("GraphQlApi", "UserPoolConfig.UserPoolId") == "${People.Ref}"
    assert found.of("GraphQlApi", "AdditionalAuthenticationProviders") == [
        {"AuthenticationType": "API_KEY"}
    ]
    assert found.of("GraphQlSchema", "Definition") == "type Query { find: String }\n"
    assert found.of("GraphQlDsorders", "ServiceRoleArn") == "${GraphQlDsordersRole.Arn}"
    rights = found.statements("GraphQlDsordersRole")[0]
    assert "dynamodb:PutItem" in rights["Action"]
    assert (
        found.of("GraphQlDsfind", "LambdaConfig.LambdaFunctionArn") == "${FindLambdaFunction.Arn}"
    )
    assert found.of("GraphQlResolverMutationorder", "PipelineConfig") == {
        "Functions": ["${GraphQlFunctionConfigurationkeep.FunctionId}"]
    }
    keep = found.of("GraphQlFunctionConfigurationkeep", "RequestMappingTemplate")
    assert keep == '{"operation": "PutItem"}'
    assert found.lost == []


def test_files_of_a_graphql_api_that_are_not_here_are_said(tmp_path: Path) -> None:
    assert read(GRAPH, tmp_path).lost == [
        "the schema schema.graphql is not here",
        "the file keep.vtl is not here",
        "the file keep.vtl is not here",
    ]


def test_the_older_shape_of_a_graphql_api_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text("type Query { find: String }\n")
    found = read(
        "service: shop\n"
        "plugins: [serverless-appsync-plugin]\n"
        "provider: {name: aws}\n"
        "functions: {find: {handler: a.b}}\n"
        "custom:\n"
        "  appSync:\n"
        "    name: shop\n"
        "    authenticationType: AWS_IAM\n"
        "    dataSources: [{type: AWS_LAMBDA, name: find, config: {functionName: find}}]\n"
        "    mappingTemplates: [{dataSource: find, type: Query, field: find, kind: UNIT}]\n",
        tmp_path,
    )
    assert found.of("GraphQlApi", "AuthenticationType") == "AWS_IAM"
    assert found.of("GraphQlResolverQueryfind", "DataSourceName") == "${GraphQlDsfind.Name}"


LIFT = """\
service: shop
plugins: [serverless-lift]
provider: {name: aws}
constructs:
  photos: {type: storage}
  jobs: {type: queue, worker: {handler: worker.main, timeout: 10}}
  orders: {type: database/dynamodb-single-table}
  hook: {type: webhook, path: /hook, insecure: true}
  site: {type: static-website, path: public}
  else: {type: server-side-website}
functions:
  hello: {handler: a.b}
"""


def test_lifts_constructs_and_the_rights_that_come_with_them() -> None:
    found = read(LIFT)
    queue = "jobsQueueCEDBAE3E"
    assert found.of(queue, "VisibilityTimeout") == 60
    assert found.of(queue, "RedrivePolicy.maxReceiveCount") == 3
    assert found.of("JobsWorkerLambdaFunction", "Handler") == "worker.main"
    mapped = found.of("JobsWorkerEventSourceMappingSQSJobsQueueCEDBAE3E", "EventSourceArn")
    assert mapped == f"${{{queue}.Arn}}"
    bucket = found.of("photosBucketB04725BC", "PublicAccessBlockConfiguration")
    assert all(bucket.values())
    actions = [each["Action"][0] for each in found.statements()[2:]]
    assert actions == ["s3:PutObject", "sqs:SendMessage", "sqs:ReceiveMessage", "dynamodb:GetItem"]
    site = found.of("siteBucket9649E592", "PublicAccessBlockConfiguration")
    assert not any(site.values())
    assert found.lost == ["the construct else is of a kind that is not read (server-side-website)"]
    assert found.line("photosBucketB04725BC") == "photos: {type: storage}"


def test_variables_name_what_constructs_make(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        LIFT.replace("hello: {handler: a.b}", "hello:\n    handler: a.b")
        + "    environment:\n"
        + "      QUEUE: ${construct:jobs.queueUrl}\n"
        + "      BUCKET: in ${construct:photos.bucketName}\n"
        + "      OTHER: ${construct:photos.colour}\n"
    )
    facts = read_templates(tmp_path, ["serverless.yml"])
    hello = next(f for f in facts if isinstance(f, Resource) and f.name == "hello")
    assert {k: str(v) for k, v in hello.value("Environment.Variables").items()} == {
        "QUEUE": "${serverless/jobsQueueCEDBAE3E.Ref}",
        "BUCKET": "in ${serverless/photosBucketB04725BC.Ref}",
        "OTHER": "<what the construct photos gives as colour>",
    }


def test_a_function_that_keeps_others_warm_is_one_that_nobody_wrote() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-plugin-warmup]\n"
        "provider: {name: aws}\n"
        "custom: {warmup: {main: {enabled: true, events: [schedule: rate(3 minutes)]}}}\n"
        "functions: {hello: {handler: a.b}}\n"
    )
    assert found.resources["WarmUpPluginMainLambdaFunction"].added
    rule = found.of("WarmUpPluginMainEventsRuleSchedule1", "ScheduleExpression")
    assert rule == "rate(3 minutes)"


def test_the_app_behind_a_handler_that_a_plugin_adds_is_the_code() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-wsgi]\n"
        "provider: {name: aws}\n"
        "custom: {wsgi: {app: shop.app}}\n"
        "functions:\n"
        "  api: {handler: wsgi_handler.handler}\n"
        "  other: {handler: wsgi_handler.handler, wsgi: {app: other.app}}\n"
        "  plain: {handler: plain.main}\n"
    )
    handlers = [found.of(f"{id}LambdaFunction", "Handler") for id in ("Api", "Other", "Plain")]
    assert handlers == ["shop.app", "other.app", "plain.main"]
    assert found.lost == []


def test_handlers_may_lie_in_a_folder_and_be_traced_by_plugins() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-functions-base-path, serverless-plugin-tracing]\n"
        "provider: {name: aws, tracing: true}\n"
        "custom: {functionsBasePath: src/functions}\n"
        "functions: {hello: {handler: hello.main}}\n"
    )
    assert found.of("HelloLambdaFunction", "Handler") == "src/functions/hello.main"
    assert found.of("HelloLambdaFunction", "TracingConfig") == {"Mode": "Active"}
    assert found.lost == []


def test_several_graphql_apis_have_their_names_in_their_ids() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-appsync-plugin]\n"
        "provider: {name: aws}\n"
        "custom: {appSync: [{name: first, authenticationType: AWS_IAM}, "
        "{name: second, authenticationType: API_KEY, apiKeys: [one]}]}\n"
    )
    assert found.of("FirstGraphQlApi", "AuthenticationType") == "AWS_IAM"
    assert found.of("SecondGraphQlApione", "ApiId") == "${SecondGraphQlApi.ApiId}"


def test_only_plugins_that_may_change_something_unknown_are_named() -> None:
    found = read(
        "service: shop\n"
        "plugins:\n"
        "  - serverless-offline\n"
        "  - serverless-esbuild@1.2.3\n"
        "  - '@team/own-plugin'\n"
        "  - ./plugins/mine\n"
        "provider: {name: aws}\n"
    )
    assert found.lost == [
        "what the plugin @team/own-plugin changes is not known",
        "what the plugin ./plugins/mine changes is not known",
    ]


def test_a_plugin_says_how_long_logs_are_kept() -> None:
    found = functions(
        "plugins: [serverless-plugin-log-retention]\n"
        "custom: {logRetentionInDays: 7}\n"
        "functions:\n"
        "  hello: {handler: a.b}\n"
        "  long: {handler: a.b, logRetentionInDays: 30}\n"
    )
    assert found.of("HelloLogGroup", "RetentionInDays") == 7
    assert found.of("LongLogGroup", "RetentionInDays") == 30
    assert found.line("HelloLogGroup", "RetentionInDays") == "custom: {logRetentionInDays: 7}"
    assert found.lost == []


def test_traffic_that_moves_step_by_step_has_a_role_of_its_own() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-plugin-canary-deployments]\n"
        "provider: {name: aws, stage: live}\n"
        "functions:\n"
        "  hello:\n"
        "    handler: a.b\n"
        "    deploymentSettings: {type: Linear10PercentEvery1Minute, alias: Live, "
        "preTrafficHook: check}\n"
        "  check: {handler: a.check}\n"
    )
    managed = found.of("CodeDeployServiceRole", "ManagedPolicyArns")
    assert managed == [
        "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited",
        "arn:aws:iam::aws:policy/AWSLambda_FullAccess",
    ]
    assert found.of("HelloLambdaFunctionAliasLive", "Name") == "Live"
    assert found.of("HelloLambdaFunctionDeploymentGroup", "DeploymentConfigName") == (
        "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"
    )
    assert "ShopliveDeploymentApplication" in found.resources
    assert found.lost == []


def test_alarms_of_functions_tell_the_topics_that_the_service_names() -> None:
    found = read(
        "service: shop\n"
        "plugins: [serverless-plugin-aws-alerts]\n"
        "provider: {name: aws}\n"
        "custom:\n"
        "  alerts:\n"
        "    topics:\n"
        "      alarm: {topic: shop-alarms, notifications: [{protocol: email, endpoint: a@b.c}]}\n"
        "    definitions: {functionErrors: {threshold: 5}}\n"
        "    alarms: [functionErrors]\n"
        "functions:\n"
        "  hello: {handler: a.b, alarms: [{name: lost, metric: Lost, pattern: ERROR}]}\n"
    )
    assert found.of("AwsAlertsAlarm", "Subscription") == [
        {"Protocol": "email", "Endpoint": "a@b.c"}
    ]
    assert found.of("HelloFunctionErrorsAlarm", "Threshold") == 5
    assert found.of("HelloFunctionErrorsAlarm", "MetricName") == "Errors"
    assert found.of("HelloFunctionErrorsAlarm", "AlarmActions") == ["${AwsAlertsAlarm.Ref}"]
    assert found.of("HelloLostAlarm", "Namespace") == "shop-dev"
    assert found.of("HelloLambdaFunctionLostLogMetricFilterALERT", "FilterPattern") == "ERROR"
    assert found.lost == []


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        ("serverless-offline-anything", ""),
        ("serverless-associate-waf", ""),
        (
            "serverless-lumigo",
            (
                "what the plugin serverless-lumigo changes is not read: it wraps each function and "
                "sends what that is given to Lumigo"
            ),
        ),
        ("serverless-unheard-of", "what the plugin serverless-unheard-of changes is not known"),
    ],
)
def test_a_plugin_that_is_not_read_is_named_with_what_is_known(plugin: str, reason: str) -> None:
    found = read(
        f"service: shop\nplugins: [{plugin}]\nprovider: {{name: aws}}\n"
        "functions: {hello: {handler: a.b}}\n"
    )
    assert found.lost == ([reason] if reason else [])
