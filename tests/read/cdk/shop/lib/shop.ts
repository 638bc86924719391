import * as path from "path";
import { Duration, NestedStack, RemovalPolicy, Stack, StackProps, Stage, StageProps } from "aws-cdk-lib";
import * as apigateway from "aws-cdk-lib/aws-apigateway";
import * as cognito from "aws-cdk-lib/aws-cognito";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import { BucketDeployment, Source } from "aws-cdk-lib/aws-s3-deployment";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

const root = path.join(__dirname, "..");

export class Stores extends Stack {
  readonly orders: dynamodb.Table;
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.orders = new dynamodb.Table(this, "Orders", {
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
    });
  }
}

class Mailing extends NestedStack {
  constructor(scope: Construct, id: string, queue: sqs.Queue) {
    super(scope, id);
    const archive = new s3.Bucket(this, "Archive", { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    const mailer = new lambda.Function(this, "Mailer", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "mail.send",
      code: lambda.Code.fromAsset(path.join(root, "mailer")),
      environment: { ARCHIVE: archive.bucketName },
    });
    archive.grantPut(mailer);
    mailer.addEventSource(new SqsEventSource(queue));
  }
}

export class Shop extends Stack {
  constructor(scope: Construct, id: string, stores: Stores, props?: StackProps) {
    super(scope, id, props);
    const queue = new sqs.Queue(this, "Placed");
    const order = new NodejsFunction(this, "Order", {
      entry: path.join(root, "src", "orders.ts"),
      runtime: lambda.Runtime.NODEJS_22_X,
      timeout: Duration.seconds(10),
      logRetention: RetentionDays.ONE_MONTH,
      bundling: { sourceMap: process.env.MAP === "1" },
      environment: { TABLE: stores.orders.tableName, QUEUE: queue.queueUrl },
    });
    stores.orders.grantWriteData(order);
    queue.grantSendMessages(order);
    const pool = new cognito.UserPool(this, "Customers");
    const api = new apigateway.RestApi(this, "Api");
    api.root.addResource("orders").addMethod("POST", new apigateway.LambdaIntegration(order), {
      authorizer: new apigateway.CognitoUserPoolsAuthorizer(this, "SignedIn", { cognitoUserPools: [pool] }),
    });
    const site = new s3.Bucket(this, "Site");
    new BucketDeployment(this, "Pages", { destinationBucket: site, sources: [Source.asset(path.join(root, "site"))] });
    new Mailing(this, "Mailing", queue);
  }
}

export class Live extends Stage {
  constructor(scope: Construct, id: string, props?: StageProps) {
    super(scope, id, props);
    new Shop(this, "Shop", new Stores(this, "Stores"));
  }
}
