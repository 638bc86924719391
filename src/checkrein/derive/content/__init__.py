"""Where content sits and moves: calls bound to resources, elements, flows."""
