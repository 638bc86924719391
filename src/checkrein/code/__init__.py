"""Source code to data-flow summaries, over symbols; knows no template. Pure."""
