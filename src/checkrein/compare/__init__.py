"""Questions to an app that is known: who reaches what and how, who may do what."""

from checkrein.compare.explain import explain as explain
