"""The policy engine over an app's statements, made at the first question that it has to answer.

An earlier scan may know all rights and steps; then nothing of the engine is made or loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from checkrein.derive.access.holdings import Holdings
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Call, Entry, Grant, Identity

if TYPE_CHECKING:
    from checkrein.derive.access.authority import Authority
    from checkrein.derive.access.escalations import Scene
    from checkrein.derive.access.reach import Reach


class Means:
    """What direct rights, and the steps from them, are found with; ``held`` are those rights."""

    def __init__(
        self,
        directory: Directory,
        who: Sequence[Identity | Grant],
        entries: Sequence[Entry],
        calls: Sequence[Call],
        acting: Mapping[str, list[str]],
        earlier: Means | None = None,
    ) -> None:
        """``acting``: identity -> the nodes that act as it.

        ``earlier`` are means of the same statements, over no resources beside these that have ARNs.
        """
        self._directory = directory
        self._who, self._entries, self._calls, self._acting = who, entries, calls, acting
        self.people = [fact for fact in who if isinstance(fact, Identity)]
        self.held: Holdings = earlier.held if earlier else {}
        self._earlier = earlier

    def reach(self) -> Reach:
        """Return what finds direct rights."""
        from checkrein.derive.access.reach import Reach  # noqa: PLC0415 - they may be known

        return Reach(self._directory, self.authority)

    @cached_property
    def authority(self) -> Authority:
        """All statements, as the policy engine has them."""
        if self._earlier:
            return self._earlier.authority.within(self._directory)
        from checkrein.derive.access.authority import Authority  # noqa: PLC0415 - as above

        grants = [fact for fact in self._who if isinstance(fact, Grant)]
        return Authority(self._directory, grants)

    @cached_property
    def scene(self) -> Scene:
        """What the steps from the rights held are found in."""
        from checkrein.derive.access.actors import inverted  # noqa: PLC0415 - as above
        from checkrein.derive.access.assuming import Trusting  # noqa: PLC0415 - as above
        from checkrein.derive.access.dependants import Dependants  # noqa: PLC0415 - as above
        from checkrein.derive.access.escalations import Scene, holders  # noqa: PLC0415 - as above
        from checkrein.derive.wiring.relays import relays  # noqa: PLC0415 - as above

        directory = self._directory
        return Scene(
            directory=directory,
            authority=self.authority,
            held=self.held,
            dependants=Dependants(directory, self._entries, self._calls, relays(directory)),
            trusting=Trusting(directory),
            runs_as=inverted(self._acting),
            holders=holders(fact for fact in self._who if type(fact) is Grant),
        )
