"""A channel's order can't be picked completely: whoever runs the channel is told."""

from odoo import models
from odoo.addons.inventory_wms.messages import parts


class WmsShortage(models.AbstractModel):
    _inherit = "wms.shortage"

    def _wms_stock_short(self, missing):
        """One open problem for each order and product, with what lacks by now."""
        super()._wms_stock_short(missing)
        for move, quantity in missing.items():
            order = move.sale_line_id.order_id
            if order.channel_account_id:
                self._tell_channel(order, move, quantity)

    def _tell_channel(self, order, move, quantity):
        # sudo: a picker knows nothing of channels; the entry is written for their managers.
        problems = self.env["channel.problem"].sudo()
        text = f"{quantity:g} {move.product_id.uom_id.name}"
        params = {"product": move.product_id.display_name, "quantity": text}
        sentence = parts(self.env, "channel_stock_short", params)
        where = {
            "account_id": order.channel_account_id.id,
            "order_id": order.channel_order_id.id,
            "order_ref": order.client_order_ref or order.name,
            "column": move.product_id.default_code or "",
            "code": "channel_stock_short",
        }
        domain = [(name, "=", value or False) for name, value in where.items()]
        known = problems.search([*domain, ("state", "=", "open")], limit=1)
        values = {
            "what": f"{sentence['title']} {sentence['detail']}".strip(),
            "next_step": sentence["next"],
        }
        if known:
            known.write(values)
        else:
            problems.create({**where, **values, "company_id": move.company_id.id})
