"""All the policies that have a say on one identity and one resource."""

from collections.abc import Callable

import pytest

from checkrein.model import Access, App

Scan = Callable[[dict[str, str]], App]

APP = """
Parameters: {{Given: {{Type: String}}}}
Resources:
  Box: {{Type: AWS::S3::Bucket}}
  Key:
    Type: AWS::KMS::Key
    Properties: {{KeyPolicy: {{Statement: [{key}]}}}}
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties: {{PolicyDocument: {{Statement: [{boundary}]}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      {bounded}
      Policies: [{{PolicyDocument: {{Statement: [{own}]}}}}]
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Box
      PolicyDocument: {{Statement: [{box}]}}
"""
NOBODY = '{Effect: Allow, Principal: {Service: x.amazonaws.com}, Action: "s3:GetBucketAcl", Resource: "*"}'
ACCOUNT = '{Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}'
READ = '{Effect: Allow, Action: "s3:GetObject", Resource: "*"}'
DECRYPT = '{Effect: Allow, Action: "kms:Decrypt", Resource: "*"}'


def rights(
    derived: Scan,
    own: str,
    *,
    bounded: str = "Path: /",
    boundary: str = READ,
    key: str = ACCOUNT,
    box: str = NOBODY,
) -> dict[str, bool]:
    """Return the role's rights as ``RESOURCE right``, each with whether it is certain."""
    text = APP.format(own=own, bounded=bounded, boundary=boundary, key=key, box=box)
    return {
        f"{access.target.removeprefix('app/')} {access.right}": access.certain
        for access in derived({"app.yaml": text}).every(Access)
        if access.identity == "app/Role"
    }


BOUND = "PermissionsBoundary: !Ref Boundary"


@pytest.mark.parametrize(
    ("bounded", "boundary", "expected"),
    [
        ("Path: /", READ, {"Box read": True}),
        (BOUND, READ, {"Box read": True}),
        (BOUND, '{Effect: Allow, Action: "s3:Put*", Resource: "*"}', {}),
        (BOUND, '{Effect: Deny, Action: "s3:*", Resource: "*"}', {}),
        (BOUND, '{Effect: Allow, Action: "*", Resource: !Sub "${Box.Arn}/*"}', {"Box read": True}),
        (
            BOUND,
            '{Effect: Allow, Action: "*", Resource: !Sub "${Box.Arn}/public/*"}',
            {"Box read": True},
        ),
        (
            BOUND,
            '{Effect: Allow, Action: "*", Resource: "*", Condition: {Bool: {"aws:ViaAWSService": true}}}',
            {"Box read": False},
        ),
        ("PermissionsBoundary: !Ref Given", READ, {"Box read": False}),
        (
            "PermissionsBoundary: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
            READ,
            {"Box read": True},
        ),
        ("PermissionsBoundary: arn:aws:iam::aws:policy/AmazonSQSFullAccess", READ, {}),
    ],
)
def test_a_boundary_must_allow_as_well(
    derived: Scan, bounded: str, boundary: str, expected: dict[str, bool]
) -> None:
    assert rights(derived, READ, bounded=bounded, boundary=boundary) == expected


def test_what_own_and_boundary_allow_must_meet(derived: Scan) -> None:
    own = '{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Box.Arn}/a/*"}'
    boundary = '{Effect: Allow, Action: "*", Resource: !Sub "${Box.Arn}/b/*"}'
    assert rights(derived, own, bounded=BOUND, boundary=boundary) == {}


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ('{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*"}', {}),
        (
            '{Effect: Deny, Principal: {AWS: "*"}, Action: "s3:Put*", Resource: "*"}',
            {"Box read": True},
        ),
        (
            '{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: {StringNotEquals: {"aws:SourceVpce": vpce-1}}}',
            {"Box read": False},
        ),
        (
            '{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: {Bool: {"aws:SecureTransport": false}}}',
            {"Box read": True},
        ),
        (
            '{Effect: Deny, NotPrincipal: {AWS: "arn:aws:iam::111122223333:role/other"}, Action: "s3:*", Resource: "*"}',
            {"Box read": False},
        ),
    ],
)
def test_a_denial_for_everybody_binds_roles_too(
    derived: Scan, box: str, expected: dict[str, bool]
) -> None:
    assert rights(derived, READ, box=box) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (ACCOUNT, {"Key invoke": True}),
        (NOBODY, {}),
        (
            '{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: "kms:Encrypt", Resource: "*"}',
            {"Key invoke": True},
        ),
        (f'{ACCOUNT}, {{Effect: Deny, Principal: "*", Action: "kms:Decrypt", Resource: "*"}}', {}),
    ],
)
def test_the_policy_of_a_key_decides(derived: Scan, key: str, expected: dict[str, bool]) -> None:
    assert rights(derived, DECRYPT, key=key) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::other/*", {}),
        ("arn:aws:s3:::shop-box-1abc2def3ghi/*", {"Box read": False}),
        ("arn:aws:s3:::shop-*", {"Box read": False}),
        ("arn:aws:s3:::*/public/*", {"Box read": True}),
    ],
)
def test_a_name_that_is_made_holds_the_logical_id(
    derived: Scan, resource: str, expected: dict[str, bool]
) -> None:
    own = f'{{Effect: Allow, Action: "s3:GetObject", Resource: "{resource}"}}'
    assert rights(derived, own) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("${AWS::StackName}-files", {}),
        ("${AWS::StackName}-processing", {}),
        ("${AWS::StackName}-box-1abc2def3ghi", {"Box read": False}),
        ("${Given}-files", {}),
        ("${Given}-1abc2def3ghi", {"Box read": False}),
        ("files-${Given}", {"Box read": False}),
        ("${Given}", {"Box read": False}),
    ],
)
def test_a_name_that_is_known_in_part_is_not_one_that_is_made_of_something_else(
    derived: Scan, name: str, expected: dict[str, bool]
) -> None:
    """Whoever may use the queue ``${AWS::StackName}-files`` may not use all that have no name."""
    own = f'{{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "arn:aws:s3:::{name}/*"}}'
    assert rights(derived, own) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ('{Effect: Allow, Action: "s3:GetObject", NotResource: !Sub "${Box.Arn}/*"}', {}),
        ('{Effect: Allow, Action: "s3:GetObject", NotResource: "arn:aws:s3:::x/*"}', {"Box read": True}),
        (f'{READ}, {{Effect: Deny, Action: "s3:*", NotResource: !Sub "${{Box.Arn}}/*"}}', {"Box read": True}),
        (f'!If [IsProd, {READ}, !Ref "AWS::NoValue"]', {"Box read": False}),
    ],
)  # fmt: skip
def test_what_is_left_out_and_what_depends_on_a_condition(
    derived: Scan, own: str, expected: dict[str, bool]
) -> None:
    conditioned = "Conditions: {{IsProd: !Equals [!Ref Given, prod]}}\nParameters: {{Given: {{Type: String}}}}"
    text = APP.replace("Parameters: {{Given: {{Type: String}}}}", conditioned)
    text = text.format(own=own, bounded="Path: /", boundary=READ, key=ACCOUNT, box=NOBODY)
    found = {
        f"{access.target.removeprefix('app/')} {access.right}": access.certain
        for access in derived({"app.yaml": text}).every(Access)
        if access.identity == "app/Role"
    }
    assert found == expected
