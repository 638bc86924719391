"""The policy language: documents, patterns, decisions. Pure.

Ask what one identity may do, with ARNs that are only partly known::

    >>> from checkrein.iam import Policy, Symbols, statements
    >>> from checkrein.model import Symbol, Text
    >>> region = Symbol("@aws", "Region")
    >>> rides = Text(("arn:aws:dynamodb:", region, ":1234:table/", Symbol("api/Rides")))
    >>> users = Text(("arn:aws:dynamodb:", region, ":1234:table/", Symbol("api/Users")))
    >>> document = {"Statement": {"Effect": "Allow", "Action": "dynamodb:*Item", "Resource": rides}}
    >>> symbols = Symbols()  # one table for an app: equal symbols are equal characters
    >>> policy = Policy(statements(document), symbols)
    >>> (arn,), (other,) = symbols.encode(rides), symbols.encode(users)
    >>> policy.decide("dynamodb:GetItem", arn).must, policy.decide("dynamodb:GetItem", other).may
    (True, False)

and in bulk: for given actions, or for all that make sense on an ARN of that shape::

    >>> sorted(policy.allowed([arn], frozenset({"dynamodb:GetItem", "dynamodb:Scan"}))[arn].must)
    ['dynamodb:GetItem']
"""

from typing import TYPE_CHECKING

from checkrein.late import offered

if TYPE_CHECKING:
    from checkrein.iam.actions import actions_on as actions_on
    from checkrein.iam.actions import expand as expand
    from checkrein.iam.authorization import Authorizer as Authorizer
    from checkrein.iam.authorization import Deciding as Deciding
    from checkrein.iam.authorization import Decision as Decision
    from checkrein.iam.authorization import authorize as authorize
    from checkrein.iam.decisions import Allowed as Allowed
    from checkrein.iam.decisions import Extent as Extent
    from checkrein.iam.decisions import Policy as Policy
    from checkrein.iam.documents import Statement as Statement
    from checkrein.iam.documents import statements as statements
    from checkrein.iam.grants import statement_of_kms_grant as statement_of_kms_grant
    from checkrein.iam.grants import statement_of_permission as statement_of_permission
    from checkrein.iam.grants import statements_of_acl as statements_of_acl
    from checkrein.iam.patterns import matches as matches
    from checkrein.iam.patterns import overlap as overlap
    from checkrein.iam.patterns import subset as subset
    from checkrein.iam.plans import Grade as Grade
    from checkrein.iam.principals import excluded_ids as excluded_ids
    from checkrein.iam.principals import principal_ids as principal_ids
    from checkrein.iam.requests import Policies as Policies
    from checkrein.iam.requests import Request as Request
    from checkrein.iam.symbols import Symbols as Symbols
    from checkrein.iam.tables import Arns as Arns
    from checkrein.iam.tables import Table as Table

__getattr__ = offered(
    __name__,
    {
        "actions": ("actions_on", "expand"),
        "authorization": ("Authorizer", "Deciding", "Decision", "authorize"),
        "decisions": ("Allowed", "Extent", "Policy"),
        "documents": ("Statement", "statements"),
        "grants": ("statement_of_kms_grant", "statement_of_permission", "statements_of_acl"),
        "patterns": ("matches", "overlap", "subset"),
        "plans": ("Grade",),
        "principals": ("excluded_ids", "principal_ids"),
        "requests": ("Policies", "Request"),
        "symbols": ("Symbols",),
        "tables": ("Arns", "Table"),
    },
)
