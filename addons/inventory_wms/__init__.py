from . import controllers, messages_packing, messages_picking, models, services, wizard
from .hooks import uninstall_hook
