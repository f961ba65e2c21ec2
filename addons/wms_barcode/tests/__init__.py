from . import (
    test_flow_exceptions,
    test_flow_pack,
    test_flow_pick,
    test_labels,
    test_packing_tour,
    test_scanner_bad_input,
    test_scanner_routes,
    test_scanner_tour,
)
