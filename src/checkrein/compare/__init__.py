"""Questions to an app that is known: who reaches what and how, who may do what."""

from checkrein.compare.accepting import Choice as Choice
from checkrein.compare.accepting import accept as accept
from checkrein.compare.accepting import choose as choose
from checkrein.compare.accepting import first_lock as first_lock
from checkrein.compare.can import can as can
from checkrein.compare.can import context_of as context_of
from checkrein.compare.comply import Programs as Programs
from checkrein.compare.cuts import Cutter as Cutter
from checkrein.compare.difference import between as between
from checkrein.compare.difference import recorded as recorded
from checkrein.compare.explain import explain as explain
from checkrein.compare.flows import flows as flows
from checkrein.compare.least import Question as Question
from checkrein.compare.least import edited as edited
from checkrein.compare.mending import Mender as Mender
from checkrein.compare.mending import Rejudge as Rejudge
from checkrein.compare.mending.wishes import Asked as Asked
from checkrein.compare.proposals import locked as locked
from checkrein.compare.proposals import worth_a_look as worth_a_look
from checkrein.compare.whatif import lost_needs as lost_needs
from checkrein.compare.whatif import supposed as supposed
