"""Sizes and weights of the demo's products: made up, since the data of the shop has none.

The same product gets the same size in every run: the SKU is the seed.
"""

import random

#: kilograms of a litre of gifts, packed
DENSITY = (0.15, 0.7)


def packed_size(sku: str) -> dict:
    """Fields of a product: sides in mm, weight in kg, volume in cubic metres, handling."""
    chance = random.Random(f"size of {sku}")
    length, width, height = (chance.choice((30, 45, 60, 80, 100, 130, 170)) for _side in range(3))
    litres = length * width * height / 1e6
    return {
        "wms_length": length,
        "wms_width": width,
        "wms_height": height,
        "volume": round(litres / 1000, 6),
        "weight": round(max(0.02, litres * chance.uniform(*DENSITY)), 3),
        "wms_upright": chance.random() < 0.1,
        "wms_nothing_on_top": chance.random() < 0.08,
    }
