"""Server-side state machines of the scanner: the device draws what they answer."""

from .home import HomeFlow
from .pack import PackFlow
from .pick import PickFlow

FLOWS = {flow.name: flow for flow in (HomeFlow, PackFlow, PickFlow)}
