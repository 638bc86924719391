"""What a serverless application is meant to do with its data, does, could do, and did."""

__version__ = "0.1.0"
