"""Repositories of images, and what runs from them."""

from __future__ import annotations

from checkrein.checks.context import owners, resources
from checkrein.model import App, Resource, Value

REPOSITORY = "AWS::ECR::Repository"
FUNCTION, TASK = "AWS::Lambda::Function", "AWS::ECS::TaskDefinition"


def running(app: App, repository: Resource) -> list[Resource]:
    """Return the functions and tasks whose image lies in a repository, by a tag."""
    return [
        user
        for user in resources(app, FUNCTION, TASK)
        if any(
            repository.id in owners(app, image) and "@sha256" not in str(image)
            for image in _images(user)
        )
    ]


def _images(user: Resource) -> list[Value]:
    if user.type == FUNCTION:
        return [user.value("Code.ImageUri")]
    containers = user.value("ContainerDefinitions")
    listed = containers if isinstance(containers, list) else []
    return [each.get("Image") for each in listed if isinstance(each, dict)]
