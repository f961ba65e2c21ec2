from . import controllers, messages_picking, models, services
from .hooks import uninstall_hook
