"""Who a topic sends its messages to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.checks.context import configuring
from checkrein.model import App, Path, Place, Resource


class Subscriber(Struct, frozen=True):
    """One subscription: the resource that holds it, the path in it."""

    holder: Resource
    path: Path

    @property
    def protocol(self) -> Any:
        """What it is sent by: ``https``, ``email``, ``sqs``; any value."""
        return self.holder.value((*self.path, "Protocol"))

    @property
    def endpoint(self) -> Any:
        """Where it is sent to; any value."""
        return self.holder.value((*self.path, "Endpoint"))

    @property
    def redrive(self) -> Any:
        """What takes the messages that cannot be delivered, None for nothing."""
        return self.holder.value((*self.path, "RedrivePolicy"))

    @property
    def place(self) -> Place:
        """Where it says what it sends by."""
        return self.holder.where((*self.path, "Protocol"))


def subscriptions(app: App, topic: Resource) -> Iterator[Subscriber]:
    """Yield who gets the messages of a topic, those that it lists itself first."""
    own = topic.value("Subscription")
    for index in range(len(own)) if isinstance(own, list) else ():
        yield Subscriber(topic, ("Subscription", index))
    for each in configuring(app, topic.id, "AWS::SNS::Subscription", "TopicArn"):
        yield Subscriber(each, ())
