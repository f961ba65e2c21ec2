from . import test_costs_hidden, test_door, test_quant, test_roles
