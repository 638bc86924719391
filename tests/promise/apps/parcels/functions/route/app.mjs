import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const customers = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (parcel) => {
  const { Item: customer } = await customers.send(
    new GetCommand({
      TableName: process.env.CUSTOMERS,
      Key: { customerId: parcel.customerId },
    }),
  );
  return { parcelId: parcel.parcelId, postcode: customer.postcode };
};
