import assert from "node:assert/strict";
import test from "node:test";
import {Burst, cleaned} from "../../src/app/core/burst.js";

function typed(burst, text, {start = 0, step = 5} = {}) {
    const codes = [];
    [...text].forEach((key, index) => {
        const name = key === "\n" ? "Enter" : key === "\t" ? "Tab" : key;
        codes.push(...burst.key(name, start + index * step));
    });
    return codes;
}

test("fast keys ended by Enter or Tab are one code", () => {
    assert.deepEqual(typed(new Burst(), "A07-031-3\n"), ["A07-031-3"]);
    assert.deepEqual(typed(new Burst(), "4006381333931\t"), ["4006381333931"]);
});

test("twenty scans without a pause are twenty codes in order", () => {
    const wanted = Array.from({length: 20}, (_, index) => `CODE-${index}`);
    assert.deepEqual(typed(new Burst(), wanted.join("\n") + "\n", {step: 1}), wanted);
});

test("slow stray keys never join a scan", () => {
    const burst = new Burst();
    assert.deepEqual(typed(burst, "xyz", {step: 400}), []);
    assert.deepEqual(typed(burst, "12345\n", {start: 5000}), ["12345"]);
});

test("Enter alone and a single key are no code", () => {
    assert.deepEqual(typed(new Burst(), "\n\n\t"), []);
    assert.deepEqual(typed(new Burst(), "7\n"), []);
});

test("modifier and unidentified keys are ignored", () => {
    const burst = new Burst();
    for (const [index, key] of ["Shift", "A", "Unidentified", "Shift", "B", "Enter"].entries()) {
        const codes = burst.key(key, index * 4);
        assert.deepEqual(codes, key === "Enter" ? ["AB"] : []);
    }
});

test("injected text, alone, with its end, or several codes at once", () => {
    assert.deepEqual(new Burst().text("ABC123\n", 0), ["ABC123"]);
    assert.deepEqual(new Burst().text("ONE1\nTWO2\r\nTHREE3\t", 0), ["ONE1", "TWO2", "THREE3"]);
    const burst = new Burst();
    assert.deepEqual(burst.text("NO-END", 0), []);
    assert.deepEqual(burst.idle(100), []);
    assert.deepEqual(burst.idle(200), ["NO-END"]);
    assert.deepEqual(burst.idle(400), []);
});

test("control characters go, the GS1 separator stays, noise is dropped", () => {
    assert.equal(cleaned(" \u0002]C1019521\u001d10LOT\u0003 "), "]C1019521\u001d10LOT");
    assert.deepEqual(new Burst().text("9".repeat(5000) + "\n", 0), []);
    assert.deepEqual(new Burst().text("\u0000\u0001\n", 0), []);
});
