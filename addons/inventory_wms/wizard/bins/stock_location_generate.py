from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.bin_pattern import Grid

# how many first and last codes the preview shows
_SHOWN = 3


class StockLocationGenerate(models.TransientModel):
    _name = "stock.location.generate"
    _description = "Generate bins from a pattern"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, default=lambda self: self._default_warehouse_id()
    )
    company_id = fields.Many2one(related="warehouse_id.company_id")
    location_id = fields.Many2one(
        "stock.location",
        "Below",
        compute="_compute_location_id",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        domain="[('warehouse_id', '=', warehouse_id), ('usage', 'in', ('internal', 'view'))]",
    )
    zone = fields.Char(
        default="A",
        help="A zone of this name takes the bins and knows where the cross aisles are; made if"
        " missing. Empty: directly below the location.",
    )
    kind = fields.Selection(
        [("bin", "Bin"), ("pick_face", "Pick face")], required=True, default="bin"
    )
    pattern = fields.Char(
        required=True,
        default="A{aisle:02}-{bay:03}-{level}",
        help="Placeholders: {aisle}, {bay}, {level}, {slot}; {bay:03} pads to three digits.",
    )
    aisles = fields.Char(default="1-10", help="1-12, A-D, 1,3,5-7 or 2-20/2 (every second).")
    bays = fields.Char(default="1-20")
    levels = fields.Char(default="A-D")
    slots = fields.Char()
    aisle_pitch = fields.Float("Aisle pitch (m)", default=3.0)
    bay_pitch = fields.Float("Bay pitch (m)", default=1.0)
    level_height = fields.Float("Level height (m)", default=0.5)
    clearance = fields.Float(
        "Cross aisle (m)",
        default=1.0,
        help="Metres from the middle of a cross aisle to the first bay, in front and at the back.",
    )
    two_sided = fields.Boolean(
        "Bays on both sides",
        default=True,
        help="Odd bays on the left, even ones opposite on the right: 1 and 2 face each other.",
    )
    x = fields.Float("Starts at x (m)")
    y = fields.Float("Starts at y (m)")
    count = fields.Integer(compute="_compute_preview")
    missing = fields.Integer(compute="_compute_preview")
    preview = fields.Char("Codes", compute="_compute_preview")
    extent = fields.Char("Floor", compute="_compute_preview")
    mistake = fields.Char(compute="_compute_preview")

    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("warehouse_id")
    def _compute_location_id(self):
        for wizard in self:
            wizard.location_id = wizard.warehouse_id.lot_stock_id

    @api.depends(
        *("warehouse_id", "pattern", "aisles", "bays", "levels", "slots", "aisle_pitch"),
        *("bay_pitch", "level_height", "clearance", "two_sided", "x", "y"),
    )
    def _compute_preview(self):
        self.update({"count": 0, "missing": 0, "preview": "", "extent": "", "mistake": ""})
        for wizard in self:
            try:
                plan = wizard._plan()
            except UserError as error:
                wizard.mistake = str(error)
                continue
            codes = [one.code for one in plan.planned]
            if len(codes) > 2 * _SHOWN:
                codes = [*codes[:_SHOWN], "…", *codes[-_SHOWN:]]
            wizard.count, wizard.missing = len(plan.planned), len(plan.missing)
            wizard.preview = "  ".join(codes)
            wizard.extent = self.env._(
                "%(width).1f m wide, %(depth).1f m between the cross aisles",
                width=max(one.x for one in plan.planned) - wizard.x,
                depth=plan.depth,
            )

    def _plan(self):
        ranges = {
            "aisle": self.aisles,
            "bay": self.bays,
            "level": self.levels,
            "slot": self.slots,
        }
        return self.env["wms.bins"]._plan(self.pattern, ranges, self._grid(), self.company_id)

    def _grid(self):
        return Grid(
            aisle_pitch=self.aisle_pitch,
            bay_pitch=self.bay_pitch,
            level_height=self.level_height,
            two_sided=self.two_sided,
            x=self.x,
            y=self.y,
            clearance=self.clearance,
        )

    def action_generate(self):
        """Create the bins that are missing and show them; says so when there are none."""
        self.ensure_one()
        service = self.env["wms.bins"]
        plan = self._plan()
        if not plan.missing:
            raise UserError(
                self.env._(
                    "Nothing to do: all %(count)s codes are there already. Change the ranges to"
                    " add bins.",
                    count=len(plan.planned),
                )
            )
        parent = self.location_id
        if self.zone:
            parent = service._zone(self.zone, parent, self._grid(), plan.depth)
        service._create(plan, parent, self.kind)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inventory_wms.stock_location_action_bins"
        )
        return action | {
            "domain": [("id", "child_of", parent.id), ("wms_kind", "!=", False)],
            "context": {"search_default_goods": 1},
        }
