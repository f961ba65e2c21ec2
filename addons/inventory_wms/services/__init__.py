from . import (
    bins,
    door,
    picking,
    planning,
    reservation,
    routing,
    shipping,
    shortage,
    tasks,
    transfer,
    walk,
)
