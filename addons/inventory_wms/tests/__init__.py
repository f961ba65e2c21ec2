from . import (
    test_bin_generator,
    test_bins,
    test_costs_hidden,
    test_door,
    test_picking_release,
    test_picking_scan,
    test_picking_ship,
    test_picking_waves,
    test_quant,
    test_roles,
    test_routing,
    test_valuation_flow,
)
