from . import controllers, messages, models, services, wizard
