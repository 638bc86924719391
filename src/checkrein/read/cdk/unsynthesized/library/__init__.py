"""What the classes of aws-cdk-lib make: from a program's trace to CloudFormation's documents."""
