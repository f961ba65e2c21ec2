"""pytest plugin of ``./wms test``: how hard the property tests try.

``quick`` runs the same 50 cases every time, so a run tells about the change at hand;
``full`` (``./wms test --full``) runs 1,000 new ones. Neither has a deadline for one case: on a
loaded machine that would only measure the load.
"""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("full", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("WMS_PROFILE", "quick"))
