"""The environment variables of a function, as far as every deployment has the same."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

BY_TOOLS: Final = frozenset({  # that run functions on a person's machine, and nowhere else
    "AWS_SAM_LOCAL",  # sam local
    "IS_LOCAL",  # serverless invoke local
    "IS_OFFLINE",  # serverless offline
    "LOCALSTACK_HOSTNAME",
    "JEST_WORKER_ID",
    "PYTEST_CURRENT_TEST",
})  # fmt: skip
MACHINES: Final = frozenset({  # what people call their own machine where others say a stage
    "local", "localhost", "localstack", "offline", "localdev", "local-dev", "dev-local",
    "local_dev", "dev_local", "test-local", "local-test", "sam-local", "docker-local",
})  # fmt: skip
DEPLOYED: Final = "\1"  # stands for a text that each deployment chooses: none of those, not empty


class Environment(Struct, frozen=True):
    """The variables that a function's template sets, as far as no deployment changes them.

    ``values`` are all texts that a variable may have, none where it is set to what is not known
    here, DEPLOYED where it is known to be deployed with another text than the names of a person's
    machine. What is not among them is not set where they are ``complete``; Lambda sets its own.
    """

    values: dict[str, tuple[str, ...]] = {}
    complete: bool = False

    def of(self, name: str) -> tuple[str | None, ...]:
        """Return all that a variable may be, None for not set; nothing where it is not known."""
        if name in self.values:
            return self.values[name]
        return (None,) if self.complete else ()
