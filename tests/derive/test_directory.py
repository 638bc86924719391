from collections.abc import Callable

from checkrein.model import Access, App, Call, Row

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


def test_a_parameter_that_names_a_resource_means_it(derived: Scan) -> None:
    app = derived(
        {
            "stacks/app.yaml": """
            Parameters: {Name: {Type: String}, Unused: {Type: String}}
            Resources:
              Files: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
              Others: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Unused}}
              Work:
                Type: AWS::Lambda::Function
                Properties:
                  Runtime: python3.13
                  Handler: index.handler
                  Environment: {Variables: {NAME: !Ref Name, ARN: !Sub "arn:aws:s3:::${Name}"}}
                  Code:
                    ZipFile: |
                      import boto3, os
                      def handler(event, context):
                          s3 = boto3.client("s3")
                          s3.get_object(Bucket=os.environ["NAME"], Key="x")
                          s3.delete_object(Bucket=os.environ["ARN"], Key="x")
        """
        }
    )

    assert [call.target for call in app.every(Call)] == ["stacks/app/Files", "stacks/app/Files"]
