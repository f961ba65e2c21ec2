"""How far the day's walks were, and how far the same stops are in plain Odoo's order.

`SCRIPT` runs in the played database with the suite's own distance model, so that only the order
of the stops differs: the one in which they were picked, and the one in which plain Odoo lists a
batch's lines (as they were reserved; a stop counts once, where its first line stands).
"""

import json

SCRIPT = """
import json

routing = env["wms.routing"]
waves = env["stock.picking.batch"].search([("wms_task_ids", "!=", False)])
totals = {"metres": 0.0, "metres_line_order": 0.0, "metres_by_name": 0.0}
for wave in waves:
    tasks = wave.wms_task_ids.filtered("move_line_ids")
    walked = [task.location_id for task in tasks.sorted("sequence")]
    listed = [task.location_id for task in tasks.sorted(lambda task: min(task.move_line_ids.ids))]
    bins = env["stock.location"].concat(*walked)
    totals["metres"] += routing._metres(bins)
    totals["metres_line_order"] += routing._metres(env["stock.location"].concat(*listed))
    totals["metres_by_name"] += routing._metres(bins.sorted("wms_sort_key"))
print("WALK " + json.dumps({key: round(value, 1) for key, value in totals.items()}))
"""


def measure(env, database: str) -> dict:
    """`metres`, `metres_line_order` and `metres_by_name`, summed over the waves."""
    printed = env.run_script(database, SCRIPT)
    line = next(line for line in printed.splitlines() if "WALK {" in line)
    return json.loads(line.split("WALK ", 1)[1])
