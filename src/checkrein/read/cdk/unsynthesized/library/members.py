"""Which attribute of its resource a member of a construct is: ``tableArn`` is ``Arn``.

Names tell the class here: what two classes give differently stands in the constructs themselves.
"""

from __future__ import annotations

from checkrein.late import regex

REF, ARN = "Ref", "Arn"
ATTRIBUTES = {
    "functionName": REF, "functionArn": ARN, "functionRef": REF, "layerVersionArn": REF,
    "tableName": REF, "tableArn": ARN, "tableStreamArn": "StreamArn", "tableId": "TableId",
    "bucketName": REF, "bucketArn": ARN, "bucketDomainName": "DomainName",
    "bucketRegionalDomainName": "RegionalDomainName", "bucketWebsiteUrl": "WebsiteURL",
    "bucketDualStackDomainName": "DualStackDomainName",
    "queueUrl": REF, "queueArn": ARN, "queueName": "QueueName",
    "topicArn": REF, "topicName": "TopicName",
    "roleArn": ARN, "roleName": REF, "roleId": "RoleId", "userArn": ARN, "userName": REF,
    "managedPolicyArn": REF, "policyName": REF, "groupName": REF,
    "userPoolId": REF, "userPoolArn": ARN, "userPoolProviderName": "ProviderName",
    "userPoolProviderUrl": "ProviderURL", "userPoolClientId": REF, "identityPoolId": REF,
    "userPoolClientSecret": "ClientSecret", "domainName": REF, "providerName": REF,
    "restApiId": REF, "restApiRootResourceId": "RootResourceId", "deploymentId": REF,
    "resourceId": REF, "apiId": REF, "httpApiId": REF, "apiEndpoint": "ApiEndpoint",
    "stageName": REF, "keyId": REF, "keyArn": ARN, "authorizerId": REF, "aliasName": REF,
    "eventBusName": REF, "eventBusArn": ARN, "ruleArn": ARN, "ruleName": REF,
    "logGroupName": REF, "logGroupArn": ARN, "streamName": REF, "streamArn": ARN,
    "deliveryStreamArn": ARN, "deliveryStreamName": REF,
    "stateMachineArn": REF, "stateMachineName": "Name", "secretArn": REF, "secretFullArn": REF,
    "parameterName": REF, "stringValue": "Value",
    "certificateArn": REF, "distributionId": REF, "distributionDomainName": "DomainName",
    "hostedZoneId": REF, "zoneName": "Name",
    "vpcId": REF, "securityGroupId": "GroupId", "subnetId": REF, "vpcCidrBlock": "CidrBlock",
    "clusterIdentifier": REF, "instanceIdentifier": REF, "clusterName": REF, "clusterArn": ARN,
    "serviceArn": REF, "serviceName": "Name", "taskDefinitionArn": REF,
    "repositoryUri": "RepositoryUri", "repositoryName": REF, "repositoryArn": ARN,
    "loadBalancerDnsName": "DNSName", "loadBalancerArn": REF, "targetGroupArn": REF,
    "listenerArn": REF, "graphqlUrl": "GraphQLUrl", "apiKey": "ApiKey", "fileSystemId": REF,
    "accessPointId": REF, "accessPointArn": ARN, "alarmArn": ARN, "alarmName": REF, "ref": REF,
    "scheduleGroupName": REF, "scheduleArn": ARN, "originAccessIdentityId": REF,
    "openIdConnectProviderArn": REF, "subnetGroupName": REF, "cachePolicyId": REF,
    "originRequestPolicyId": REF, "responseHeadersPolicyId": "Id", "url": "FunctionUrl",
    "cloudFrontOriginAccessIdentityS3CanonicalUserId": "S3CanonicalUserId",
    "eventSourceMappingId": REF, "dashboardName": REF, "emailIdentityName": REF,
}  # fmt: skip
DOTTED = regex(r"(End[Pp]oint|MasterUserSecret)(Address(?:es)?|Ports?|SecretArn)\Z")


def attribute(name: str) -> str:
    """Return the attribute that a member of a construct is, "" where it is not known."""
    if name.startswith("attr") and name[4:5].isupper():
        return DOTTED.sub(r"\1.\2", name[4:])
    return ATTRIBUTES.get(name, "")
