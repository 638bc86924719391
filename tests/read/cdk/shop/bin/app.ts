import { App } from "aws-cdk-lib";
import { Live, Shop, Stores } from "../lib/shop";

const app = new App();
if (process.env.STAGE) new Live(app, "Live");
else new Shop(app, "Shop", new Stores(app, "Stores"));
