from collections.abc import Callable

from checkrein.model import Access, App, Row

Scan = Callable[[dict[str, str]], App]


def test_names_that_refer_to_each_other_end(derived: Scan) -> None:
    app = derived(
        {
            "app.yaml": """
            Resources:
              A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "x-${B.QueueName}"}}
              B: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "x-${A.QueueName}"}}
        """
        }
    )

    assert [row.id for row in app.every(Row)] == ["app/A", "app/B"]


def test_two_parameters_never_name_the_same_bucket(derived: Scan) -> None:
    app = derived(
        {
            "app.yaml": """
            Parameters: {First: {Type: String}, Second: {Type: String}}
            Resources:
              A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref First}}
              B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Second}}
              Role:
                Type: AWS::IAM::Role
                Properties:
                  Policies:
                    - PolicyDocument:
                        Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub "${A.Arn}/*"}
        """
        }
    )

    assert [(a.target, a.right) for a in app.every(Access)] == [("app/A", "read")]
