var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/orders.ts
var orders_exports = {};
__export(orders_exports, {
  handler: () => handler
});
module.exports = __toCommonJS(orders_exports);
var import_client_dynamodb = require("@aws-sdk/client-dynamodb");
var import_lib_dynamodb = require("@aws-sdk/lib-dynamodb");
var import_client_sqs = require("@aws-sdk/client-sqs");

// src/receipt.ts
var receipt = (order) => {
  console.log("thanks", order.email);
  return JSON.stringify({ id: order.id });
};

// src/orders.ts
var db = import_lib_dynamodb.DynamoDBDocumentClient.from(new import_client_dynamodb.DynamoDBClient({}));
var queue = new import_client_sqs.SQSClient({});
var handler = async (event) => {
  const order = JSON.parse(event.body);
  const item = { id: order.id, email: order.email, card: order.cardNumber };
  await db.send(new import_lib_dynamodb.PutCommand({ TableName: process.env.TABLE, Item: item }));
  await queue.send(new import_client_sqs.SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: JSON.stringify(item) }));
  return { statusCode: 200, body: receipt(order) };
};
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  handler
});
//# sourceMappingURL=index.js.map
