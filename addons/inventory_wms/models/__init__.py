from . import (
    ir_http,
    ir_model_access,
    res_company,
    res_config_settings,
    res_users,
    stock_move,
    stock_quant,
    wms_command,
    wms_device,
    wms_reason,
)
