from . import (
    wms_cost_adjustment,
    wms_cost_consumption,
    wms_cost_deficit,
    wms_cost_layer,
    wms_cost_posting,
    wms_cost_restatement,
    wms_cost_revaluation,
    wms_cost_total,
    wms_cost_write_down,
    wms_valuation_import,
    wms_valuation_opening,
    wms_valuation_recost,
)
