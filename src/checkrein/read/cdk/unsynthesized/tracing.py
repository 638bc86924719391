"""From the program of a CDK app to what it does with constructs, without running anything."""

from __future__ import annotations

from pathlib import Path as File

from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.read.cdk.assembly import document
from checkrein.read.cdk.modules import entry
from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation
from checkrein.read.cdk.unsynthesized.evaluation.things import Enough, Thrown
from checkrein.read.cdk.unsynthesized.trace import Trace
from checkrein.read.paths import joined


def traced(root: File, app: str) -> Trace | None:
    """Return what the program of an app does, None where nobody knows with which file it begins.

    ``app`` is the folder of ``cdk.json``. What was not followed is in ``lost``; nothing is raised.
    """
    first = entry(root, app)
    if not first:
        return None
    context = document(root, joined(app, "cdk.json")).get("context")
    run = Evaluation(root, app, context if isinstance(context, dict) else {})
    try:
        run.modules.started(run, first, main=True)
    except InputError as error:
        run.note(f"the program cannot be read: {error}", Place(first, 1))
    except Thrown:
        run.note("the program ends with an error", Place(first, 1))
    except Enough:
        run.note("the program takes more steps than are followed", Place(first, 1))
    except RecursionError:
        run.note("the program is nested too deep", Place(first, 1))
    except Exception as error:  # noqa: BLE001 - what was traced counts, whatever the rest does
        run.note(f"checkrein failed to follow the program ({error!r})", Place(first, 1))
    return run.trace
