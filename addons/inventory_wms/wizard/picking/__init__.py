from . import wms_wave_release
