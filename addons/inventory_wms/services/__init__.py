from . import door, planning, picking, reservation, shipping, shortage, tasks, transfer, walk
