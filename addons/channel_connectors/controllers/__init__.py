from . import channel_connectors
