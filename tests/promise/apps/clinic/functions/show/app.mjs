import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const visits = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { Item: visit } = await visits.send(
    new GetCommand({
      TableName: process.env.VISITS_TABLE,
      Key: { visitId: event.pathParameters.visitId },
    }),
  );
  if (!visit) return { statusCode: 404, body: "{}" };
  return {
    statusCode: 200,
    body: JSON.stringify({ visitId: visit.visitId, startTime: visit.startTime }),
  };
};
