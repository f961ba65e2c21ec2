import assert from "node:assert/strict";
import test from "node:test";
import {uuid7} from "../../src/app/core/ids.js";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id is a UUID of version 7", () => {
    for (let round = 0; round < 500; round++) {
        assert.match(uuid7(), FORM);
    }
});

test("the first 48 bits are the time", () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    assert.equal(parseInt(uuid7(now).replaceAll("-", "").slice(0, 12), 16), now);
});

test("later ids sort behind earlier ones and never repeat", () => {
    const ids = Array.from({length: 2000}, (_, index) => uuid7(1700000000000 + index));
    assert.deepEqual([...ids].sort(), ids);
    assert.equal(new Set(Array.from({length: 5000}, () => uuid7(1))).size, 5000);
});
