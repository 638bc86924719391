"""The Serverless Framework: a service file to the template that the framework would deploy."""
