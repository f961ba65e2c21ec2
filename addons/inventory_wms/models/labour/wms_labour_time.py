from odoo import api, fields, models


class WmsLabourTime(models.Model):
    """The time before one command of a worker, and what the command did; nobody edits it.

    Nobody has access: people read ``wms.labour.report``, which hides names unless the company
    shows them.
    """

    _name = "wms.labour.time"
    _description = "Labour by command"
    _order = "id desc"
    _log_access = False

    command_id = fields.Many2one("wms.command", required=True, index=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", required=True)
    company_id = fields.Many2one("res.company", required=True)
    warehouse_id = fields.Many2one("stock.warehouse")
    zone_id = fields.Many2one("stock.location")
    location_id = fields.Many2one("stock.location")
    product_id = fields.Many2one("product.product")
    batch_id = fields.Many2one("stock.picking.batch")
    activity_id = fields.Many2one("wms.labour.activity")
    work = fields.Char()
    date = fields.Datetime(required=True)
    direct_seconds = fields.Float()
    indirect_seconds = fields.Float()
    break_seconds = fields.Float()
    idle_seconds = fields.Float()
    standard_seconds = fields.Float()
    metres = fields.Float()
    lines = fields.Integer()
    units = fields.Float()
    orders = fields.Integer()
    errors = fields.Integer()
    error_code = fields.Char()

    _by_user = models.Index("(user_id, date)")
    _by_date = models.Index("(company_id, date)")

    @api.model
    def _cron_collect(self):
        """Bring the figures up to two minutes ago."""
        self.env["wms.labour"]._collect()
