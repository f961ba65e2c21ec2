from . import messages, models, services, controllers
