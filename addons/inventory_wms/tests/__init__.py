from . import test_door, test_quant, test_roles
