import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const rides = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { Item: ride } = await rides.send(
    new GetCommand({
      TableName: process.env.RIDES_TABLE,
      Key: { rideId: event.pathParameters.rideId },
    }),
  );
  if (!ride) return { statusCode: 404, body: JSON.stringify({ message: "no such ride" }) };
  return {
    statusCode: 200,
    headers: { "Access-Control-Allow-Origin": "*" },
    body: JSON.stringify(ride), // fault 12
  };
};
