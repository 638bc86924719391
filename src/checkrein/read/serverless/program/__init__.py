"""What a JavaScript or TypeScript module plainly says, without running anything.

Objects, arrays, texts, spreads, imports of the repository's own modules, and functions whose
result follows from their arguments. What else decides (packages, the clock, the disk, the
environment) is open, with the line that asks for it.
"""
