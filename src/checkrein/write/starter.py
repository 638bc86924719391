"""The first ``checkrein.yaml``: nothing declared, and what could be."""

from __future__ import annotations

STARTER = """\
# What this application is meant to do with its data, where names and code cannot tell it.
# Everything is optional. checkrein.lock holds the rest; what stands here counts before it.
#
# data:
#   pii.email: 7                  # what a class of data is worth here, from 0 to 10
# resources:
#   template/Orders:
#     holds: [biz.order]          # meant to be there
#     may_hold: [pii.email]       # accepted if it gets there
# links:
#   api/template.TableName: data/template/Orders
# ignore:
#   - id: public-function-url
#     subject: template/*
#     reason: a public page
"""
