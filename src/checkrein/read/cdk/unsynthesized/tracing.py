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
from checkrein.read.cdk.unsynthesized.unstarted import make_stacks
from checkrein.read.paths import joined


def traced(root: File, app: str) -> Trace | None:
    """Return what the program of an app does, None where it has none that makes a stack.

    ``app`` is the folder of ``cdk.json``. Where the file that it begins with is not there, each
    stack of the folder is made once. What was not followed is in ``lost``; nothing is raised.
    """
    settings = document(root, joined(app, "cdk.json"))
    context = settings.get("context")
    run = Evaluation(root, app, context if isinstance(context, dict) else {})
    first = entry(root, app)
    start = Place(first or joined(app, "cdk.json"), 1)
    try:
        if first:
            run.modules.started(run, first, main=True)
        elif not make_stacks(run, start):
            return None
    except InputError as error:
        run.note(f"the program cannot be read: {error}", start)
    except Thrown:
        run.note("the program ends with an error", start)
    except Enough:
        run.note("the program takes more steps than are followed", start)
    except RecursionError:
        run.note("the program is nested too deep", start)
    except Exception as error:  # noqa: BLE001 - what was traced counts, whatever the rest does
        run.note(f"checkrein failed to follow the program ({type(error).__name__})", start)
    return run.trace
