"""CDK: what ``cdk synth`` wrote, and the program that it was written from."""
