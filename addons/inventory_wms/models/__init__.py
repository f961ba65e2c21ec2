from . import (
    base,
    ir_http,
    ir_model_access,
    ir_ui_view,
    res_company,
    res_config_settings,
    res_users,
    stock_move,
    stock_quant,
    wms_command,
    wms_device,
    wms_reason,
)
