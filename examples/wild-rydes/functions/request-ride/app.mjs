import { randomUUID } from "node:crypto";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const rides = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const queue = new SQSClient({});

const STABLE = [
  { name: "Aurora", breed: "Arabian", colour: "white" },
  { name: "Basalt", breed: "Friesian", colour: "black" },
];

export const handler = async (event) => {
  console.log("asked for a ride", JSON.stringify(event)); // fault 10

  const claims = event.requestContext.authorizer.claims;
  const { pickup, destination, card } = JSON.parse(event.body);
  const ride = {
    rideId: randomUUID(),
    rider: claims["cognito:username"],
    email: claims.email,
    pickup,
    destination,
    horse: STABLE[Math.floor(Math.random() * STABLE.length)],
    pickupTime: new Date(Date.now() + 120_000).toISOString(),
    fare: fare(pickup, destination, claims["custom:tier"]),
  };

  await rides.send(new PutCommand({ TableName: process.env.RIDES_TABLE, Item: ride }));
  await queue.send(
    new SendMessageCommand({
      QueueUrl: process.env.PAYMENTS_QUEUE,
      MessageBody: JSON.stringify({
        rideId: ride.rideId,
        amount: ride.fare,
        card: { number: card.number, expiry: card.expiry, cvc: card.cvc }, // fault 11
      }),
    }),
  );
  return answer(201, { rideId: ride.rideId, horse: ride.horse, pickupTime: ride.pickupTime });
};

function fare(from, to, tier) {
  if (tier === "herd-master") return 0;
  const length = Math.hypot(to.latitude - from.latitude, to.longitude - from.longitude);
  return Math.round(500 + 10_000 * length);
}

function answer(statusCode, content) {
  return {
    statusCode,
    headers: { "Access-Control-Allow-Origin": "*" },
    body: JSON.stringify(content),
  };
}
