from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine.bin_codes import check_digits, natural_key

KINDS = [
    ("zone", "Zone"),
    ("aisle", "Aisle"),
    ("bay", "Bay"),
    ("level", "Level"),
    ("bin", "Bin"),
    ("pick_face", "Pick face"),
    ("dock", "Dock"),
    ("staging", "Staging"),
    ("cart_slot", "Cart slot"),
]
# kinds that hold goods and carry a label; the others only group them
BIN_KINDS = ("bin", "pick_face", "dock", "staging", "cart_slot")
# no building is wider; catches centimetres typed as metres
_FARTHEST = 10_000


class StockLocation(models.Model):
    _inherit = "stock.location"

    # bins
    wms_kind = fields.Selection(
        KINDS,
        string="Kind",
        index="btree_not_null",
        help="What this location is on the floor. Bins, pick faces, docks, staging areas and cart"
        " slots hold goods and carry a label; zones, aisles, bays and levels group them.",
    )
    wms_aisle = fields.Char("Aisle", index="btree_not_null")
    wms_bay = fields.Char("Bay")
    wms_level = fields.Char("Level")
    wms_slot = fields.Char("Slot")
    wms_located = fields.Boolean(
        "On the floor plan",
        help="The coordinates are meant: routes include this bin. Set when coordinates are"
        " entered.",
    )
    wms_x = fields.Float(
        "x (m)",
        aggregator=None,
        help="Metres along the front cross aisle to the middle of this aisle: where a picker"
        " stands, the same for both sides.",
    )
    wms_y = fields.Float("y (m)", aggregator=None, help="Metres into the aisle, from the front.")
    wms_z = fields.Float("Height (m)", aggregator=None, help="Metres above the floor.")
    wms_depth = fields.Float(
        "Depth (m)",
        aggregator=None,
        help="Zones only: metres from the middle of the front cross aisle to the middle of the"
        " back one; y of the zone is the front one. Zero: taken from its bins.",
    )
    wms_sort_key = fields.Char(
        compute="_compute_wms_sort_key", store=True, index=True, export_string_translation=False
    )
    wms_check_digit = fields.Char(
        "Check digits",
        size=4,
        compute="_compute_wms_check_digit",
        store=True,
        readonly=False,
        help="Printed on the bin only; typing them proves that the worker stands there.",
    )
    # valuation
    wms_stock_account_id = fields.Many2one(
        "account.account",
        "Stock account",
        check_company=True,
        groups="inventory_wms.group_accountant",
        help="Goods here and below are kept on this account, apart from the others: their cost "
        "layers move with them. Empty: the account of the product's category.",
    )
    wms_place_id = fields.Many2one(
        "stock.location",
        "Kept at",
        compute="_compute_wms_place",
        store=True,
        recursive=True,
        index="btree_not_null",
        compute_sudo=True,
        help="The location itself or the nearest one above it that has a stock account.",
    )
    wms_blocked = fields.Boolean(
        "Blocked",
        help="Nobody can walk past here: routes go around the aisle, or around the place in front"
        " of a bin.",
    )
    wms_one_way = fields.Selection(
        [("back", "From front to back"), ("front", "From back to front")],
        string="One way",
        help="Aisles only: the one direction in which the aisle is walked.",
    )
    wms_locked = fields.Boolean("Locked", help="Directed work neither fills nor empties it.")

    _wms_depth_positive = models.Constraint(
        "CHECK (wms_depth IS NULL OR wms_depth >= 0)", "The depth of a zone cannot be negative."
    )

    @api.depends("complete_name")
    def _compute_wms_sort_key(self):
        for location in self:
            location.wms_sort_key = natural_key(location.complete_name or "")

    @api.depends("name", "wms_kind")
    def _compute_wms_check_digit(self):
        for location in self:
            labelled = location.wms_kind in BIN_KINDS
            location.wms_check_digit = labelled and check_digits(location.name or "")

    @api.depends("wms_stock_account_id", "location_id.wms_place_id")
    def _compute_wms_place(self):
        for location in self:
            own = location.wms_stock_account_id
            location.wms_place_id = location if own else location.location_id.wms_place_id

    @api.constrains("wms_kind", "usage")
    def _check_wms_kind(self):
        for location in self:
            if location.wms_kind in BIN_KINDS and location.usage not in ("internal", "transit"):
                raise ValidationError(
                    self.env._(
                        "%(bin)s holds goods as a %(kind)s, so its location type has to be"
                        " Internal or Transit.",
                        bin=location.name,
                        kind=dict(KINDS)[location.wms_kind],
                    )
                )

    @api.constrains("wms_x", "wms_y", "wms_z", "wms_depth")
    def _check_wms_coordinates(self):
        for location in self:
            metres = (location.wms_x, location.wms_y, location.wms_z, location.wms_depth)
            if not all(-_FARTHEST <= value <= _FARTHEST for value in metres):
                raise ValidationError(
                    self.env._(
                        "The coordinates of %(bin)s are metres and at most %(limit)s.",
                        bin=location.name,
                        limit=_FARTHEST,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("wms_kind") in BIN_KINDS and not vals.get("barcode"):
                vals["barcode"] = vals.get("name")
            self._wms_place(vals)
        return super().create(vals_list)

    def write(self, vals):
        if "wms_stock_account_id" in vals or "location_id" in vals:
            # sudo: whoever edits a location need not read the chart of accounts.
            before = {location: location.sudo().wms_place_id for location in self}
            accounts = {location: location.sudo().wms_stock_account_id for location in self}
            result = super().write(self._wms_place(dict(vals)))
            self.sudo()._wms_refuse_revalued(before, accounts)
            return result
        return super().write(self._wms_place(dict(vals)))

    def _wms_refuse_revalued(self, places, accounts):
        """Refuse another stock account for goods that lie here: they would change it silently.

        :param places, accounts: what each location had before
        :raises ValidationError: names the location
        """
        changed = self.filtered(
            lambda location: (
                location.wms_place_id != places[location]
                or location.wms_stock_account_id != accounts[location]
            )
        )
        if not changed:
            return
        goods = self.env["stock.quant"].search(
            [("location_id", "child_of", changed.ids), ("quantity", "!=", 0)]
        )
        costed = goods.filtered(
            lambda quant: quant.product_id.with_company(quant.company_id)._wms_costed()
        )
        if costed:
            raise ValidationError(
                self.env._(
                    "%(location)s holds %(product)s, so its stock account can't change. Move the "
                    "goods to another location first, change the account, then move them back.",
                    location=costed[0].location_id.display_name,
                    product=costed[0].product_id.display_name,
                )
            )

    def _wms_place(self, vals):
        """Entering a coordinate says that the location has its place on the floor plan."""
        if "wms_x" in vals or "wms_y" in vals:
            vals.setdefault("wms_located", True)
        return vals

    def _wms_docks(self):
        """Docks with a place, in natural order, below the locations of ``self``."""
        domain = Domain("id", "child_of", self.ids) & Domain("wms_kind", "=", "dock")
        domain &= Domain("wms_located", "=", True)
        return self.search(domain, order="wms_sort_key, id")
