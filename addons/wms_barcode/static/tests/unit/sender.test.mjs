import assert from "node:assert/strict";
import test from "node:test";
import {NoStorage} from "../../src/app/core/memory.js";
import {Outbox} from "../../src/app/core/outbox.js";
import {meaning, pause} from "../../src/app/core/reply.js";
import {Sender} from "../../src/app/core/sender.js";

const ME = 7;

/** A server that keeps what it applied, behind a network that does what the script says. */
class Server {
    constructor(...script) {
        Object.assign(this, {script, applied: new Map(), sent: [], devices: {one: 0}});
    }

    post(envelope) {
        this.sent.push(structuredClone(envelope));
        const act = this.script.shift() || "answer";
        if (act === "lost request") {
            return {lost: "TypeError"};
        }
        if (act.cmd === "raw") {
            return act.reply;
        }
        const answer = this.decide(envelope);
        return act === "lost answer" ? {lost: "AbortError"} : {result: answer};
    }

    decide({cmd_id, device_id, seq, args}) {
        const known = this.applied.get(cmd_id);
        if (known) {
            return {cmd_id, status: "replayed", result: known};
        }
        if (!(device_id in this.devices)) {
            return {cmd_id, status: "rejected", code: "unknown_device"};
        }
        if (seq !== this.devices[device_id] + 1) {
            const status = seq > this.devices[device_id] ? "gap" : "rejected";
            return {cmd_id, status, code: status === "gap" ? "gap" : "seq_used"};
        }
        this.devices[device_id] = seq;
        this.applied.set(cmd_id, args);
        return {cmd_id, status: "applied", result: args};
    }
}

function bench(server, {storage = new NoStorage(), enrolled = "one"} = {}) {
    const outbox = new Outbox(storage);
    if (enrolled && !outbox.deviceId) {
        outbox.enrol(enrolled);
    }
    const told = [];
    const clock = {now: 0, waits: []};
    const sender = new Sender({
        outbox,
        post: async (envelope) => server.post(envelope),
        enrol: async () => {
            const name = `device${Object.keys(server.devices).length}`;
            server.devices[name] = 0;
            outbox.enrol(name);
            return true;
        },
        tell: (event, entry, answer) => told.push(answer ? answer.status : event),
        wait: async (ms) => {
            clock.waits.push(ms);
            clock.now += ms;
        },
        now: () => clock.now,
        random: () => 0.5,
    });
    sender.uid = ME;
    return {outbox, sender, told, clock, storage};
}

const scan = (outbox, quantity = "1") =>
    outbox.push({op: "pick.scan_item", args: {task_id: 1, barcode: "A", quantity}, uid: ME});

test("commands go out in order, one at a time, and leave the outbox with their answer", async () => {
    const server = new Server();
    const {outbox, sender, told} = bench(server);
    const entries = [scan(outbox), scan(outbox), scan(outbox)];
    await Promise.all([sender.flush(), sender.flush()]);
    assert.deepEqual(
        server.sent.map((sent) => sent.cmd_id),
        entries.map((entry) => entry.cmd_id)
    );
    assert.deepEqual(
        server.sent.map((sent) => sent.seq),
        [1, 2, 3]
    );
    assert.deepEqual(told, ["applied", "applied", "applied"]);
    assert.equal(sender.open, 0);
    assert.equal("uid" in server.sent[0], false);
});

test("a lost answer, a lost request, HTML, 404 and 502 resend the same id until it counts once", async () => {
    const raw = (reply) => ({cmd: "raw", reply});
    const server = new Server(
        "lost answer",
        "lost request",
        raw({lost: "http 404"}),
        raw({lost: "SyntaxError"}),
        raw({error: {code: 0, message: "Odoo Server Error"}}),
        raw({result: {cmd_id: "another", status: "applied"}}),
        raw({result: {ok: true}})
    );
    const {outbox, sender, told, clock} = bench(server);
    const entry = scan(outbox);
    await sender.flush();
    assert.equal(server.applied.size, 1);
    assert.deepEqual(new Set(server.sent.map((sent) => sent.cmd_id)), new Set([entry.cmd_id]));
    assert.equal(server.sent.length, 8);
    assert.deepEqual(told, ["waiting", "recovered", "replayed"]);
    assert.deepEqual(clock.waits, [225, 450, 900, 1800, 3600, 7200, 7500]);
});

test("busy is asked again with the same id", async () => {
    const server = new Server();
    const {outbox, sender, clock} = bench(server);
    const entry = scan(outbox);
    server.script = [{cmd: "raw", reply: {result: {cmd_id: entry.cmd_id, status: "busy"}}}];
    await sender.flush();
    assert.equal(server.applied.size, 1);
    assert.equal(clock.waits.length, 1);
});

test("a reload resends what had no answer, under the same id", async () => {
    const server = new Server("lost answer");
    const first = bench(server);
    first.sender.wait = () => new Promise(() => {});
    const entry = scan(first.outbox, "3");
    first.sender.flush();
    await new Promise((done) => setTimeout(done, 5));
    const second = bench(server, {storage: first.storage});
    assert.equal(second.sender.open, 1);
    await second.sender.flush();
    assert.deepEqual(second.told, ["replayed"]);
    assert.deepEqual([...server.applied.keys()], [entry.cmd_id]);
    assert.equal(second.outbox.push({op: "x", args: {}, uid: ME}).seq, 2);
});

test("an expired session stops the sender and keeps everything", async () => {
    const server = new Server({cmd: "raw", reply: {error: {code: 100}}});
    const {outbox, sender, told} = bench(server);
    scan(outbox);
    scan(outbox);
    await sender.flush();
    assert.deepEqual(told, ["expired"]);
    assert.equal(sender.open, 2);
    await sender.flush();
    assert.equal(server.applied.size, 2);
});

test("another person does not send what somebody else scanned", async () => {
    const server = new Server();
    const {outbox, sender, told} = bench(server);
    scan(outbox);
    sender.uid = 8;
    await sender.flush();
    assert.deepEqual(told, ["other_user"]);
    assert.equal(server.sent.length, 0);
    sender.uid = ME;
    await sender.flush();
    assert.equal(server.applied.size, 1);
});

test("a browser without an identity gets one before it sends", async () => {
    const server = new Server();
    const {outbox, sender} = bench(server, {enrolled: null});
    scan(outbox);
    scan(outbox);
    await sender.flush();
    assert.equal(server.applied.size, 2);
    assert.equal(server.devices.device1, 2);
});

test("a gap, a used number and a forgotten device lead to a new identity and nothing is lost", async () => {
    for (const spoil of [
        (server, outbox) => {
            outbox.write({...outbox.read(), seq: 5});
        },
        (server) => {
            server.devices.one = 3;
        },
        (server) => {
            delete server.devices.one;
            server.devices.other = 0;
        },
    ]) {
        const server = new Server();
        const {outbox, sender, told} = bench(server);
        spoil(server, outbox);
        const entries = [scan(outbox), scan(outbox)];
        await sender.flush();
        assert.deepEqual(
            [...server.applied.keys()],
            entries.map((entry) => entry.cmd_id)
        );
        assert.deepEqual(told, ["applied", "applied"]);
    }
});

test("after five minutes without an answer a person is called, and the command is kept", async () => {
    const server = new Server(...Array(200).fill("lost request"));
    const {outbox, sender, told, clock} = bench(server);
    scan(outbox);
    await sender.flush();
    assert.deepEqual(told, ["waiting", "stuck"]);
    assert.ok(clock.now > 5 * 60 * 1000 && clock.now < 6 * 60 * 1000);
    assert.equal(sender.open, 1);
});

test("any schedule of faults: effects are the commands, in order", async () => {
    const acts = ["answer", "answer", "lost request", "lost answer", "lost answer"];
    let seed = 12345;
    const next = (bound) => (seed = (seed * 1103515245 + 12345) % 2147483648) % bound;
    for (let round = 0; round < 40; round++) {
        const server = new Server(...Array.from({length: 60}, () => acts[next(acts.length)]));
        let {outbox, sender, storage} = bench(server);
        const wanted = [];
        for (let index = 0; index < 12; index++) {
            wanted.push(scan(outbox, String(index + 1)).cmd_id);
            if (next(3) === 0) {
                await sender.flush();
            }
            if (next(4) === 0) {
                ({outbox, sender} = bench(server, {storage}));
            }
        }
        await sender.flush();
        assert.deepEqual([...server.applied.keys()], wanted);
        assert.equal(sender.open, 0);
    }
});

test("pauses double up to ten seconds and are spread", () => {
    assert.equal(
        pause(1, () => 1),
        300
    );
    assert.equal(
        pause(1, () => 0),
        150
    );
    assert.equal(
        pause(3, () => 1),
        1200
    );
    assert.equal(
        pause(50, () => 1),
        10000
    );
});

test("only our own id counts as an answer", () => {
    const entry = {cmd_id: "mine"};
    assert.equal(meaning(entry, {result: {cmd_id: "mine", status: "conflict"}}), "decided");
    assert.equal(meaning(entry, {result: {cmd_id: "mine", status: "new word"}}), "unknown");
    assert.equal(meaning(entry, {result: "<html>"}), "unknown");
    assert.equal(meaning(entry, {result: null}), "unknown");
    assert.equal(meaning(entry, {}), "unknown");
});

test("a broken or foreign storage value is an empty outbox, not a crash", () => {
    for (const value of ["{", "null", "[]", '"x"', '{"queue": 1}']) {
        const storage = new NoStorage();
        storage.setItem("wms.outbox", value);
        assert.deepEqual(new Outbox(storage).queue, []);
    }
});
