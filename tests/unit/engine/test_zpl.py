"""Labels: nothing that is printed can command the printer; sizes fit; bar codes are checked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wms_barcode.engine import zpl
from wms_barcode.engine.label_layout import (
    BinFacts,
    LabelSize,
    PackageFacts,
    bin_label,
    package_label,
)
from wms_barcode.engine.zpl import Label, LabelError

texts = st.text(max_size=60)
ascii_texts = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=12)
sizes = st.builds(
    LabelSize, st.sampled_from([50.0, 57.0, 100.0]), st.sampled_from([25.0, 50.0]),
    st.sampled_from([203, 300]),
)  # fmt: skip
_FIELD = re.compile(r"\^FD((?:[A-Za-z0-9 .,:/()=*+\-]|_[0-9A-F]{2})*)\^FS")
# every command that a label of ours may hold, with numbers for its values
_COMMANDS = re.compile(
    r"\^XA\^CI28\^LH0,0\n\^PW\d+\^LL\d+\n"
    r"((\^FO\d+,\d+(\^A0N,\d+,\d+(\^FR)?\^FH_@|\^BY\d\^BCN,\d+,N,N,N,A\^FH_@|\^GB\d+,\d+,\d+\^FS)"
    r"\n)*)\^PQ\d+\^XZ\n"
)


def unescaped(data):
    return re.sub(
        rb"_([0-9A-F]{2})", lambda hexed: bytes([int(hexed[1], 16)]), data.encode("ascii")
    ).decode("utf-8", "replace")


@given(texts, ascii_texts, texts, sizes)
def test_no_text_becomes_a_command(code, barcode, part, size):
    facts = BinFacts(code, barcode, part, part, part, part, part, part)
    try:
        label = bin_label(facts, size)
    except LabelError as error:
        assert error.code in ("too_wide", "too_long")
        return
    assert label.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in label)
    # with the data of the fields taken out, only the label's own commands are left
    assert _COMMANDS.fullmatch(_FIELD.sub("@", label)), label
    assert barcode in [unescaped(found) for found in _FIELD.findall(label)]


@given(texts)
def test_escaping_is_exact(text):
    try:
        data = zpl.escaped(text)
    except LabelError:
        return
    assert unescaped(data) == text.encode("utf-8", "replace").decode("utf-8")
    assert not set(data) & set("^~\n\r\t\x00\x1b`")


@given(st.text())
def test_text_for_people_has_no_control_characters(text):
    clean = zpl.plain(text)
    assert clean.isprintable()
    assert clean == clean.strip()


def test_a_field_has_a_limit():
    with pytest.raises(LabelError) as caught:
        zpl.escaped("é" * 1000)
    assert caught.value.code == "too_long"
    assert zpl.escaped("x" * zpl.MAX_FIELD)


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("Ä", "bad_charset"), ("A\n", "bad_charset")]
)
def test_code_128_refuses_what_it_cannot_hold(text, code):
    with pytest.raises(LabelError) as caught:
        Label(100, 50).code128(0, 0, text, 10)
    assert caught.value.code == code


def test_impossible_labels_are_named():
    for arguments, code in (((100, 50, 600), "bad_dpi"), ((2, 50), "bad_size")):
        with pytest.raises(LabelError) as caught:
            Label(*arguments)
        assert caught.value.code == code
    with pytest.raises(LabelError, match="too_wide"):
        Label(20, 20).code128(0, 0, "TOO-LONG-FOR-THIS", 10)


def test_a_long_text_is_narrowed_then_cut():
    label = Label(50, 25)
    label.text(2, 2, "A" * 200, 5)
    (shown,) = _FIELD.findall(label.zpl())
    assert unescaped(shown).endswith("A…")
    assert len(shown) < 60


def test_dots_of_both_printers():
    assert (Label(100, 50, 203).dots(10), Label(100, 50, 300).dots(10)) == (80, 120)


_WORDS = {"to": "To", "order": "Order", "box": "Box", "weight": "Weight"}
_SSCC = re.compile(r"\^FO\d+,\d+\^BY\d\^BCN,\d+,N,N,N,N\^FD>;>800\d{18}\^FS\n")


@given(texts, texts, st.lists(texts, max_size=8), st.booleans())
def test_no_text_on_a_package_label_becomes_a_command(order, sender, address, container):
    code = "376104250021234569" if container else "PACK0000017"
    facts = PackageFacts(code, order, 1, 2, sender, tuple(address), order)
    try:
        label = package_label(facts, _WORDS)
    except LabelError as error:
        assert error.code == "too_long"
        return
    assert label.isascii()
    assert len(_SSCC.findall(label)) == container
    assert _COMMANDS.fullmatch(_FIELD.sub("@", _SSCC.sub("", label))), label


@pytest.mark.parametrize("digits", ["", "37610425002123456", "3761042500212345٦٩", "^XA" * 6])
def test_a_container_code_is_eighteen_digits(digits):
    with pytest.raises(LabelError) as caught:
        Label(100, 150).sscc(0, 0, digits, 30)
    assert caught.value.code == "bad_charset"


def test_a_container_code_needs_room():
    with pytest.raises(LabelError) as caught:
        Label(40, 60).sscc(0, 0, "376104250021234569", 20)
    assert caught.value.code == "too_wide"
