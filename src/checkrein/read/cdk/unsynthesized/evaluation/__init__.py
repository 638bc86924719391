"""A program in JavaScript, TypeScript or Python evaluated over what is known, for CDK.

What is known of the platform is computed; what a package gives is noted by its name (``trace``);
where nothing tells which way a program goes, it goes both, and values are told as a choice.
"""
