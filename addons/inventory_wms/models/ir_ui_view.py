from odoo import models

from .base import COST_FIELDS


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    # roles: a field that may not be read must not be drawn either
    def _postprocess_access_rights(self, tree):
        model = tree.get("model_access_rights")
        if model in self.env and self.env.user._wms_hides_costs():
            self._wms_remove_costs(tree, model)
        return super()._postprocess_access_rights(tree)

    def _wms_remove_costs(self, node, model):
        """Take cost fields and their labels out of an arch, sub-views of x2many fields included."""
        for child in list(node):
            name = child.get("name") if child.tag == "field" else child.get("for")
            if name and name in COST_FIELDS.get(model, ()) and child.tag in ("field", "label"):
                node.remove(child)
                continue
            field = self.env[model]._fields.get(name) if child.tag == "field" else None
            self._wms_remove_costs(
                child, field.comodel_name if field and field.comodel_name else model
            )
