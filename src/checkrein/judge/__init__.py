"""Runs the checks: outcomes, severities, fingerprints, conditions. Decides nothing else."""

from typing import TYPE_CHECKING

from checkrein.late import offered

if TYPE_CHECKING:
    from checkrein.judge.asking import judge as judge

__getattr__ = offered(__name__, {"asking": ("judge",)})
