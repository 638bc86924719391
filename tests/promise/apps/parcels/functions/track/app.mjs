import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const parcels = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { Item: parcel } = await parcels.send(
    new GetCommand({
      TableName: process.env.PARCELS,
      Key: { parcelId: event.queryStringParameters.parcelId },
    }),
  );
  if (!parcel) return { statusCode: 404, body: "{}" };
  return { statusCode: 200, body: JSON.stringify({ parcelId: parcel.parcelId }) };
};
