from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # picking
    wms_cart_slot = fields.Char(
        "Cart slot", readonly=True, copy=False, help="Where on the cart this order's goods go."
    )

    def button_validate(self):
        """Core's validation, after the lines of waves say what was really picked.

        :return: what core returns
        """
        # A wave's lines show the whole reservation until they are scanned completely; whoever
        # validates in between ships what was scanned, no more.
        self.move_line_ids.filtered("wms_task_id")._wms_settle()
        tasks = self.move_line_ids.wms_task_id
        result = super().button_validate()
        if tasks:
            tasks._lines_were_taken_away()
        return result
