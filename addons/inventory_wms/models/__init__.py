from . import (
    res_company,
    res_config_settings,
    stock_move,
    stock_quant,
    wms_command,
    wms_device,
    wms_reason,
)
