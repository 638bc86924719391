"""Pods that a role of a template lets become it: IAM roles for service accounts (IRSA).

A role's trust policy names the cluster's identity provider and the service account. EKS's newer
way, ``AWS::EKS::PodIdentityAssociation``, says the same as a resource, so this is told as one.
"""

from __future__ import annotations

from checkrein.late import regex
from checkrein.model import Evidence, Resource, Symbol
from checkrein.model.workloads import PODS

TRUST = "AssumeRolePolicyDocument"
WEB = "sts:AssumeRoleWithWebIdentity"
ACCOUNT = regex(r"system:serviceaccount:([^:\"'\s]+):([^:\"'\s,}\]]+)")


def pods(resources: list[Resource]) -> list[Resource]:
    """Return an association for each role that service accounts of a cluster may become."""
    return [found for each in resources if (found := _of_role(each))]


def _of_role(role: Resource) -> Resource | None:
    trust = str(role.value(TRUST)) if role.type == "AWS::IAM::Role" else ""
    accounts = dict.fromkeys(ACCOUNT.findall(trust)) if WEB in trust else {}
    if not accounts:
        return None
    named = ", ".join(f"{space}/{name}" for space, name in accounts)
    said = Evidence(f"pods of {named} act as {role.name}", role.where(TRUST))
    space, name = next(iter(accounts))
    return Resource(
        id=f"{role.id}Pods",
        evidence=(said,),
        when=role.when,
        stack=role.stack,
        type=PODS,
        properties={"RoleArn": Symbol(role.id, "Arn"), "Namespace": space, "ServiceAccount": name},
        places={("RoleArn",): role.where(TRUST)},
        added=f"the trust policy of {role.name} says that pods act as it",
    )
