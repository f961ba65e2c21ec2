import assert from "node:assert/strict";
import test from "node:test";
import {NoStorage} from "../../src/app/core/memory.js";
import {oneSender} from "../../src/app/core/tabs.js";

/** Web Locks as the standard describes them, for one name. */
class Locks {
    held = null;

    async request(name, {ifAvailable, steal}, work) {
        if (this.held && !steal) {
            assert.ok(ifAvailable);
            return work(null);
        }
        if (this.held) {
            this.held(new DOMException("stolen", "AbortError"));
        }
        return new Promise((done, fail) => {
            this.held = fail;
            Promise.resolve(work({name})).then(done, fail);
        });
    }
}

const settled = () => new Promise((done) => setTimeout(done, 0));

test("with Web Locks one tab holds the right, and another may take it over", async () => {
    const locks = new Locks();
    const mine = {};
    const tab = (name) =>
        oneSender({tabId: name, storage: null, locks, changed: (yes) => (mine[name] = yes)});
    tab("a");
    const second = tab("b");
    await settled();
    assert.deepEqual(mine, {a: true, b: false});
    second.take();
    await settled();
    assert.deepEqual(mine, {a: false, b: true});
});

test("without Web Locks a lease does the same, and runs out when its tab is closed", () => {
    const storage = new NoStorage();
    const clock = {now: 0};
    const mine = {};
    const ticks = {};
    const tab = (name) =>
        oneSender({
            tabId: name,
            storage,
            locks: null,
            now: () => clock.now,
            every: (work) => (ticks[name] = work),
            changed: (yes) => (mine[name] = yes),
        });
    tab("a");
    const second = tab("b");
    assert.deepEqual(mine, {a: true, b: false});
    clock.now = 5000;
    ticks.a();
    clock.now = 9000;
    ticks.b();
    assert.deepEqual(mine, {a: true, b: false});
    second.take();
    ticks.a();
    assert.deepEqual(mine, {a: false, b: true});
    clock.now = 20000;
    ticks.a();
    assert.deepEqual(mine, {a: true, b: true});
    ticks.b();
    assert.deepEqual(mine, {a: true, b: false});
});
