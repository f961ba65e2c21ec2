import assert from "node:assert/strict";
import test from "node:test";
import {add, compare, dots, isDecimal, subtract, tidy} from "../../src/app/core/decimal.js";

test("sums are exact where floating point is not", () => {
    assert.equal(add("0.1", "0.2"), "0.3");
    assert.equal(subtract("1", "0.9"), "0.1");
    assert.equal(add("999999999999", "1"), "1000000000000");
    assert.equal(subtract("0.5", "2"), "-1.5");
});

test("order and form", () => {
    assert.equal(compare("10", "9"), 1);
    assert.equal(compare("2.50", "2.5"), 0);
    assert.equal(compare("-1", "0"), -1);
    assert.equal(tidy("6.000"), "6");
    assert.equal(tidy("0"), "0");
});

test("anything but a plain number is refused", () => {
    for (const bad of ["", "1e3", "1,5", "abc", "--1", "NaN", "1.", 6, null, "9".repeat(40)]) {
        assert.equal(isDecimal(bad), false, String(bad));
        assert.throws(() => add(bad, "1"), TypeError);
    }
});

test("dots only for small whole numbers", () => {
    assert.equal(dots("6"), 6);
    assert.equal(dots("8.0"), 8);
    assert.equal(dots("9"), null);
    assert.equal(dots("1.5"), null);
    assert.equal(dots("-1"), null);
});
