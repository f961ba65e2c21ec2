from . import controllers, messages_picking, models, services
