import assert from "node:assert/strict";
import test from "node:test";
import {Memory, NoStorage} from "../../src/app/core/memory.js";
import {Outbox} from "../../src/app/core/outbox.js";
import {Scanner} from "../../src/app/core/scanner.js";
import {Sender} from "../../src/app/core/sender.js";
import {signIn} from "../../src/app/core/sign_in.js";

/** A floor with stops in a row; it answers states and commands as the server does. */
class Floor {
    constructor(...stops) {
        Object.assign(this, {stops, at: 0, done: 0, bin: null, commands: [], faults: [], asked: 0});
    }

    async call(url, params) {
        await new Promise((done) => setTimeout(done, 1));
        const fault = this.faults.shift();
        if (fault) {
            return fault;
        }
        if (url === "/wms/device") {
            return {result: {device_id: "one"}};
        }
        if (url === "/wms/command") {
            return {result: this.run(params)};
        }
        this.asked += 1;
        return {result: this.state(params.event || {})};
    }

    run({cmd_id, op, args}) {
        this.commands.push(op);
        const stop = this.stops[this.at];
        if (op === "pick.scan_item" && args.barcode !== stop.code) {
            return {cmd_id, status: "rejected", parts: {title: "Wrong item", next: "Put it back."}};
        }
        this.done += op === "pick.scan_item" ? Number(args.quantity) : 0;
        if (this.done >= stop.quantity || op === "pick.short") {
            Object.assign(this, {at: this.at + 1, done: 0, bin: null});
        }
        return {cmd_id, status: "applied", parts: {}};
    }

    state({action, code}) {
        const stop = this.stops[this.at];
        if (!stop) {
            return {flow: "pick", state: {screen: "ship", inputs: {}, accepts: {}, task_id: null}};
        }
        let message = null;
        if (action === "scan") {
            message = code === stop.bin ? null : {title: "Wrong bin", next: "Walk."};
            this.bin = message ? null : code;
        }
        const common = {inputs: {bin: this.bin}, task_id: this.at + 1, slot: {word: "", name: ""}};
        if (!this.bin) {
            const accepts = {scan: {kind: "event", field: "code"}};
            const plate = {code: stop.bin};
            return {
                flow: "pick",
                message,
                state: {...common, screen: "bin", plate, take: null, accepts},
            };
        }
        const args = {task_id: this.at + 1, quantity: "1"};
        const scan = {kind: "command", op: "pick.scan_item", field: "barcode", counts: true, args};
        const short = {kind: "command", op: "pick.short", args: {task_id: this.at + 1}};
        const take = {quantity: String(stop.quantity), done: String(this.done), unit: ""};
        const item = {name: stop.code};
        const state = {...common, screen: "goods", take, item, accepts: {scan, short}};
        return {flow: "pick", state};
    }
}

function bench(floor, {storage = new NoStorage(), uid = 7} = {}) {
    const played = [];
    const sounds = {play: (name) => played.push(name)};
    const call = (url, params) => floor.call(url, params);
    const outbox = new Outbox(storage);
    const sender = new Sender({
        outbox,
        post: (envelope) => call("/wms/command", envelope),
        enrol: async () => {
            outbox.enrol((await call("/wms/device", {})).result.device_id);
            return true;
        },
        tell: () => {},
        wait: async () => {},
    });
    const sentences = {server_error: {title: "E"}, not_checked: {title: "N"}, stuck: {title: "S"}};
    const boot = {
        uid,
        db: "x",
        labels: {hello: "%(n)s of %(m)s"},
        sentences,
        reload: () => played.push("reload"),
    };
    const memory = new Memory(storage);
    const scanner = new Scanner({call, sender, memory, sounds, boot, later: () => {}});
    return {scanner, sender, played, storage};
}

const TWO = () =>
    new Floor({bin: "A-1", code: "APPLE", quantity: 3}, {bin: "B-2", code: "PLUM", quantity: 1});

test("a burst over two stops is worked off in order: nothing is lost, nothing counts twice", async () => {
    const floor = TWO();
    const {scanner, played} = bench(floor);
    await scanner.start();
    for (const code of ["A-1", "APPLE", "APPLE", "APPLE", "B-2", "PLUM"]) {
        scanner.scan(code);
    }
    await scanner.chain;
    await scanner._idle();
    assert.equal(scanner.view.state.screen, "ship");
    assert.deepEqual(floor.commands, Array(4).fill("pick.scan_item"));
    assert.equal(played.filter((name) => name === "read").length, 4);
    assert.ok(played.includes("stop_done") && played.includes("task_done"));
    assert.ok(!played.includes("refused"));
});

test("nothing counts as done before the server said so", async () => {
    const floor = TWO();
    const {scanner} = bench(floor);
    await scanner.start();
    await scanner.scan("A-1");
    let release;
    const call = floor.call.bind(floor);
    floor.call = (...words) => new Promise((done) => (release = () => done(call(...words))));
    await scanner.scan("APPLE");
    assert.deepEqual([scanner.done, scanner.sent, scanner.view.open], ["0", "1", 1]);
    floor.call = call;
    release();
    await scanner._idle();
    assert.deepEqual([scanner.done, scanner.sent, scanner.view.open], ["1", "0", 0]);
});

test("a refusal stops the hand: scans are not taken until it is read, OK reads it", async () => {
    const floor = TWO();
    const {scanner, played} = bench(floor);
    await scanner.start();
    await scanner.scan("WRONG");
    assert.equal(scanner.view.overlay.message.title, "Wrong bin");
    await scanner.scan("A-1");
    assert.equal(scanner.view.overlay.kind, "refused");
    assert.equal(played.at(-1), "question");
    await scanner.scan("ok");
    assert.equal(scanner.view.overlay, null);
    await scanner.scan("A-1");
    assert.equal(scanner.view.state.screen, "goods");
    await scanner.scan("PLUM");
    await scanner._idle();
    assert.equal(scanner.view.overlay.message.scanned, "PLUM");
    assert.equal(scanner.done, "0");
});

test("a check without a connection is said, and can be scanned again", async () => {
    const floor = TWO();
    const {scanner, played} = bench(floor);
    await scanner.start();
    floor.faults.push({lost: "TypeError"});
    await scanner.scan("A-1");
    assert.equal(scanner.view.overlay.message.title, "N");
    assert.equal(scanner.view.trouble, "lost");
    scanner.acknowledge();
    await scanner.scan("A-1");
    assert.equal(scanner.view.trouble, null);
    assert.equal(scanner.view.state.screen, "goods");
    assert.deepEqual(played.slice(0, 3), ["lost", "refused", "back"]);
});

test("an expired session keeps the scan; the same person sends it after signing in", async () => {
    const floor = TWO();
    const {scanner, sender} = bench(floor);
    await scanner.start();
    await scanner.scan("A-1");
    floor.faults.push({error: {code: 100}});
    await scanner.scan("APPLE");
    await sender.flush();
    assert.equal(scanner.view.signedOut, true);
    assert.equal(sender.open, 1);
    floor.faults.push({error: {code: 0}});
    assert.equal(await signIn(scanner, "me", "wrong"), "sign_in_refused");
    floor.faults.push({lost: "http 502"});
    assert.equal(await signIn(scanner, "me", "right"), "sign_in_unreachable");
    floor.faults.push({result: {uid: 7}});
    assert.equal(await signIn(scanner, "me", "right"), "");
    await scanner._idle();
    assert.equal(floor.commands.length, 1);
    assert.equal(scanner.view.signedOut, false);
    assert.equal(scanner.done, "1");
});

test("somebody else who signs in gets a fresh page", async () => {
    const floor = TWO();
    const {scanner, played} = bench(floor);
    await scanner.start();
    floor.faults.push({result: {uid: 8}});
    await signIn(scanner, "other", "x");
    assert.deepEqual(played, ["reload"]);
});

test("a reload asks for the same flow with the same inputs", async () => {
    const floor = TWO();
    const first = bench(floor);
    await first.scanner.start();
    await first.scanner.scan("A-1");
    const second = bench(floor, {storage: first.storage});
    assert.equal(second.scanner.view.flow, "pick");
    assert.deepEqual(second.scanner.inputs, {bin: "A-1"});
    await second.scanner.start();
    assert.equal(second.scanner.view.state.screen, "goods");
});

test("what the state does not accept is not sent", async () => {
    const floor = TWO();
    const {scanner, played} = bench(floor);
    await scanner.start();
    await scanner.act("ship_all");
    assert.deepEqual(floor.commands, []);
    assert.deepEqual(played, ["question"]);
});

test("words are filled in by name", () => {
    const {scanner} = bench(TWO());
    assert.equal(scanner.word("hello", {n: 1, m: 2}), "1 of 2");
    assert.equal(scanner.word("not there"), "not there");
});
