"""Print, render, decode, compare: bin labels at both resolutions, read back by a bar code reader.

Needs Node.js and the npm package zpl-renderer-js (`WMS_LABEL_RENDERER` names its folder, or
`npm install zpl-renderer-js@3.4.0` in `.odoo/labels`), and zxing-cpp of the test lock; skipped
with that reason where they are missing.
"""

import base64
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RENDERER = Path(
    os.environ.get("WMS_LABEL_RENDERER", ROOT / ".odoo/labels/node_modules/zpl-renderer-js")
)
# a label that a hand scanner reads: three to sixteen signs, and what tries to be a command
CODES = ("A-1", "A01-002-B", "B12-034-D5", "1234567890", "12345", "WH/ST/A1-02.B", "Z>0^XA~JA _5E")
SIZES = ((100, 50), (57, 32), (50, 25))

if "wms_barcode" not in sys.modules:
    _package = types.ModuleType("wms_barcode")
    _package.__path__ = [str(ROOT / "addons" / "wms_barcode")]
    sys.modules["wms_barcode"] = _package


def _rendered(labels):
    """Images of labels, (zpl, width, height, dots per millimetre) each."""
    image = pytest.importorskip("PIL.Image")
    if not RENDERER.is_dir() or not shutil.which("node"):
        pytest.skip(f"no Node.js or no zpl-renderer-js in {RENDERER}")
    names = ("zpl", "width", "height", "dpmm")
    asked = json.dumps({"labels": [dict(zip(names, label, strict=True)) for label in labels]})
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("render.cjs")), str(RENDERER)],
        input=asked, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[:500]
    return [image.open(io.BytesIO(base64.b64decode(line))) for line in done.stdout.split()]


def _labels():
    """(code, (zpl, width, height, dots per millimetre)) of every label that can be printed."""
    for code, size in itertools.product(CODES, SIZES):
        for dpi, dots in ((203, 8), (300, 12)):
            if label := _label(code, *size, dpi):
                yield code, (label, *size, dots)


def _label(code, width, height, dpi):
    from wms_barcode.engine.label_layout import BinFacts, LabelSize, bin_label
    from wms_barcode.engine.zpl import LabelError

    facts = BinFacts(code, code, "1", "002", "B", "", "43", "Zöne")
    try:
        return bin_label(facts, LabelSize(width, height, dpi))
    except LabelError as error:
        assert error.code == "too_wide"
        assert len(code) > 9
        return None


def test_every_label_is_read_back():
    zxing = pytest.importorskip("zxingcpp")
    printed = list(_labels())
    images = _rendered([label for _code, label in printed])
    assert len(images) == len(printed) > 30
    for (code, label), image in zip(printed, images, strict=True):
        assert [found.text for found in zxing.read_barcodes(image)] == [code], label


def test_package_labels_are_read_back():
    """Names of packages as Code 128, containers as GS1-128 with their application identifier."""
    zxing = pytest.importorskip("zxingcpp")
    from wms_barcode.engine.label_layout import LabelSize, PackageFacts, package_label

    words = {"to": "To", "order": "Order", "box": "Box", "weight": "Weight"}
    printed = []
    for code in ("PACK0000123", "A-1", "040123450000000014", "376104250021234569"):
        for size in ((100, 150), (75, 100)):
            for dpi, dots in ((203, 8), (300, 12)):
                facts = PackageFacts(code, "SO-1", 2, 3, "Sender", ("Zoë", "Leeds"), "0.85 kg")
                label = package_label(facts, words, LabelSize(*size, dpi))
                printed.append((facts, (label, *size, dots)))
    images = _rendered([label for _facts, label in printed])
    for (facts, label), image in zip(printed, images, strict=True):
        (found,) = zxing.read_barcodes(image)
        assert found.text == (f"(00){facts.code}" if facts.is_sscc else facts.code), label
        assert (found.content_type == zxing.ContentType.GS1) == facts.is_sscc


def test_texts_stay_on_the_label():
    """No ink in the outermost millimetre: nothing is cut."""
    printed = list(_labels())
    for (code, label), image in zip(printed, _rendered([one for _c, one in printed]), strict=True):
        grey, rim = image.convert("L"), label[3]
        inside = grey.crop((rim, rim, grey.width - rim, grey.height - rim))
        dark = sum(grey.point(lambda value: value < 128).histogram()[1:])
        assert dark == sum(inside.point(lambda value: value < 128).histogram()[1:]), (code, label)
