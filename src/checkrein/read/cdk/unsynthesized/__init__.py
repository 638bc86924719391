"""A CDK app that nobody synthesized: its program to the templates that it would write.

``trace`` is what the program does with constructs, told by evaluating it (no package is run or
read); what each construct of aws-cdk-lib writes into a template is told from that.
"""
