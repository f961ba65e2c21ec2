import assert from "node:assert/strict";
import {test} from "node:test";

import {shortcut} from "../../src/app/core/shortcut.js";

function desk(keys, overlay = null) {
    const done = [];
    return {
        done,
        view: {state: {keys}, overlay},
        act: (name) => done.push(`act ${name}`),
        open: (name) => done.push(`sheet ${name}`),
    };
}
const KEYS = {F2: {act: "next_box"}, F4: {sheet: "weigh"}, F3: {open: "/slip.pdf"}};

test("a key acts, opens a sheet or shows a paper", () => {
    const found = desk(KEYS);
    const show = (url) => found.done.push(`show ${url}`);
    assert.ok(["F2", "F4", "F3"].every((key) => shortcut(found, key, show)));
    assert.deepEqual(found.done, ["act next_box", "sheet weigh", "show /slip.pdf"]);
});

test("a strange key, a state without keys and no state do nothing", () => {
    const found = desk(KEYS);
    assert.equal(shortcut(found, "F9"), false);
    assert.equal(shortcut(desk(undefined), "F2"), false);
    assert.equal(shortcut({view: {state: null, overlay: null}}, "F2"), false);
    assert.deepEqual(found.done, []);
});

test("Enter reads a refusal, and nothing else", () => {
    const found = desk(KEYS, {kind: "refused"});
    found.acknowledge = () => found.done.push("read");
    assert.ok(shortcut(found, "Enter"));
    assert.equal(shortcut(desk(KEYS, {kind: "sheet"}), "Enter"), false);
    assert.equal(shortcut(desk(KEYS), "Enter"), false);
    assert.deepEqual(found.done, ["read"]);
});

test("behind a refusal or a sheet no key acts", () => {
    const found = desk(KEYS, {kind: "refused"});
    assert.equal(shortcut(found, "F2"), false);
    assert.deepEqual(found.done, []);
});
