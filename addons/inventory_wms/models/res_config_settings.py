from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # commands
    wms_controlled_stock = fields.Boolean(related="company_id.wms_controlled_stock", readonly=False)

    # labour
    wms_labour_named = fields.Boolean(related="company_id.wms_labour_named", readonly=False)
    wms_labour_pause_s = fields.Integer(related="company_id.wms_labour_pause_s", readonly=False)

    # planning
    wms_planning_seconds = fields.Float(related="company_id.wms_planning_seconds", readonly=False)

    # packing
    wms_pack_tolerance_pct = fields.Float(
        related="company_id.wms_pack_tolerance_pct", readonly=False
    )
    wms_pack_tolerance_g = fields.Float(related="company_id.wms_pack_tolerance_g", readonly=False)
    wms_pack_weigh = fields.Boolean(related="company_id.wms_pack_weigh", readonly=False)
    wms_gs1_prefix = fields.Char(related="company_id.wms_gs1_prefix", readonly=False)

    # valuation
    wms_grni_account_id = fields.Many2one(related="company_id.wms_grni_account_id", readonly=False)
    wms_shipped_account_id = fields.Many2one(
        related="company_id.wms_shipped_account_id", readonly=False
    )
    wms_cogs_account_id = fields.Many2one(related="company_id.wms_cogs_account_id", readonly=False)
    wms_variance_account_id = fields.Many2one(
        related="company_id.wms_variance_account_id", readonly=False
    )
    wms_count_account_id = fields.Many2one(
        related="company_id.wms_count_account_id", readonly=False
    )
    wms_revaluation_account_id = fields.Many2one(
        related="company_id.wms_revaluation_account_id", readonly=False
    )
    wms_no_write_ups = fields.Boolean(related="company_id.wms_no_write_ups", readonly=False)
    wms_stock_journal_id = fields.Many2one(
        related="company_id.wms_stock_journal_id", readonly=False
    )
    wms_entry_per = fields.Selection(related="company_id.wms_entry_per", readonly=False)
    wms_entry_gaps = fields.Boolean(related="company_id.wms_entry_gaps", readonly=False)

    wms_lifo_confirmed = fields.Boolean(related="company_id.wms_lifo_confirmed", readonly=False)
    wms_lifo_reserve_account_id = fields.Many2one(
        related="company_id.wms_lifo_reserve_account_id", readonly=False
    )
    wms_lifo_warning = fields.Char(compute="_compute_wms_lifo_warning")

    @api.depends("company_id")
    def _compute_wms_lifo_warning(self):
        for settings in self:
            settings.wms_lifo_warning = self.env["wms.books"]._lifo_warning(settings.company_id)[1]

    def action_wms_setup_accounts(self):
        """Create the accounts and the journal that posting at movement still lacks."""
        self.check_access("write")
        self.env["wms.valuation"]._setup_company(self.company_id)
        return {"type": "ir.actions.client", "tag": "reload"}
