import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { receipt } from "./receipt";

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const queue = new SQSClient({});

export const handler = async (event: any) => {
  const order = JSON.parse(event.body);
  const item = { id: order.id, email: order.email, card: order.cardNumber };
  await db.send(new PutCommand({ TableName: process.env.TABLE, Item: item }));
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: JSON.stringify(item) }));
  return { statusCode: 200, body: receipt(order) };
};
