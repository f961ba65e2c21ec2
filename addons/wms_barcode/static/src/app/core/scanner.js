/**
 * The scanner without its screens: takes scans and presses, asks the server which screen to draw,
 * sends commands through the outbox. It decides nothing about stock: what a screen accepts comes with
 * the state (`accepts`), and only answers of the server move the work on.
 */

import {donePieces, isFull, pieces, sentPieces} from "./count.js";
import {add} from "./decimal.js";
import {flash} from "./flash.js";

const OK_CODES = new Set(["OK", "WMS-OK"]);
const ZERO = "0";

export class Scanner {
    /**
     * @param {Object} parts
     * @param {(url: string, params: Object) => Promise<Object>} parts.call see remote.js
     * @param {import("./sender.js").Sender} parts.sender
     * @param {import("./memory.js").Memory} parts.memory
     * @param {{play: (name: string) => void}} parts.sounds
     * @param {Object} parts.boot user, labels and database of the page
     * @param {(work: () => void, ms: number) => any} [parts.later]
     */
    constructor(parts) {
        Object.assign(this, {later: (work, ms) => setTimeout(work, ms)}, parts);
        const {flow = this.boot.flow || "home", inputs = {}} = this.memory.all();
        this.inputs = inputs;
        this.view = {
            flow,
            state: null,
            overlay: null,
            open: this.sender.open,
            confirmed: ZERO,
            heard: "",
            trouble: null,
            signedOut: !this.boot.uid,
        };
        this.chain = Promise.resolve();
        this.sender.uid = this.boot.uid;
        this.sender.tell = (...news) => this._news(...news);
    }

    /** First screen: resend what waits from before a reload, then ask for the state. */
    async start() {
        if (this.view.signedOut) {
            return;
        }
        if (!this.sender.outbox.deviceId) {
            await this.sender.enrol();
        }
        await this.sender.flush();
        await this.refresh();
    }

    /** A code was scanned or typed. Codes are worked off one after the other. */
    scan(code) {
        this.view.heard = code;
        return this._queue(() => this._scan(code));
    }

    /** Something was pressed that the state accepts. */
    act(name, values = {}) {
        this.view.overlay = null;
        return this._queue(() => this._act(name, values));
    }

    /** The person has read the refusal. */
    acknowledge() {
        this.view.overlay = null;
    }

    /** Open one of the local sheets: short, keypad, typing, entries. */
    open(name) {
        this.view.overlay = {kind: "sheet", name};
    }

    /** @returns {string} a word of the page in the user's language, its %(names)s filled in */
    word(key, values = {}) {
        return (this.boot.labels[key] || key).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
    }

    /** @returns {string} pieces of this stop that wait for their answer */
    get sent() {
        return sentPieces(this.view.state, this.sender.outbox.queue);
    }

    /** @returns {string} pieces of this stop the server has confirmed */
    get done() {
        return donePieces(this.view.state, this.view.confirmed);
    }

    /**
     * Ask the server for the screen to draw.
     *
     * @param {Object|null} event what happened that is no command: a checked scan, a choice
     */
    async refresh(event = null) {
        const params = {inputs: this.inputs, event, device_id: this.sender.outbox.deviceId};
        const reply = await this.call(`/wms/flow/${this.view.flow}/state`, params);
        if (reply.error && reply.error.code === 100) {
            this.view.signedOut = true;
        } else if (reply.result) {
            this._draw(reply.result);
        } else {
            this._unreachable(event, reply);
        }
    }

    _queue(work) {
        this.chain = this.chain.then(work, work);
        return this.chain;
    }

    async _scan(code) {
        const {overlay} = this.view;
        if (overlay && overlay.kind === "refused") {
            return OK_CODES.has(code.toUpperCase())
                ? this.acknowledge()
                : this.sounds.play("question");
        }
        this.view.overlay = null;
        if (this._full()) {
            await this._idle();
        }
        const accept = this.view.state && this.view.state.accepts.scan;
        if (!accept || this._full()) {
            return this.sounds.play("question");
        }
        return this._act("scan", {[accept.field || "code"]: code});
    }

    async _act(name, values) {
        const accept = this.view.state && this.view.state.accepts[name];
        if (!accept) {
            return this.sounds.play("question");
        }
        if (accept.kind === "flow") {
            this._remember(accept.flow, accept.inputs || {});
            return this.refresh();
        }
        if (accept.kind === "event") {
            return this.refresh({action: name, ...values});
        }
        for (const target of accept.each || [{}]) {
            this._send({...accept, args: {...accept.args, ...target, ...values}});
        }
        return accept.counts ? undefined : this._idle();
    }

    /** Keep a command on this device, then send it. */
    _send({op, args, expect}) {
        this.sender.outbox.push({op, args, expect, uid: this.boot.uid});
        this.view.open = this.sender.open;
        this.sender.flush();
    }

    /** Wait until every command has its answer and the screen shows the result. */
    async _idle() {
        await this.sender.flush();
        await this.refreshing;
    }

    _full() {
        return isFull(this.view.state, this.done, this.sent);
    }

    _news(event, entry, answer) {
        this.view.open = this.sender.open;
        this.view.trouble = this.sender.trouble;
        if (event === "decided") {
            this._decided(entry, answer);
        } else if (event === "expired") {
            this.view.signedOut = true;
        } else if (event === "waiting") {
            this.sounds.play("saved");
        } else if (event === "recovered") {
            this.sounds.play("back");
        } else {
            this._refuse(this.boot.sentences[event], {booked: this.word(`booked_${event}`)});
        }
    }

    _decided(entry, answer) {
        if (answer.status === "applied" || answer.status === "replayed") {
            this.view.confirmed = add(this.view.confirmed, pieces(this.view.state, entry));
            this.last = entry;
            this.sounds.play("read");
        } else {
            this._refuse(answer.parts, {scanned: entry.args.barcode});
        }
        if (!this.sender.open) {
            this.refreshing = this.refresh();
        }
    }

    _draw({state, message, command, flow = this.view.flow}) {
        const [before, taken] = [this.view.state, this.done];
        if (this.view.trouble === "lost") {
            this.view.trouble = null;
            this.sounds.play("back");
        }
        this._remember(flow, state.inputs);
        Object.assign(this.view, {state, confirmed: ZERO, heard: ""});
        if (command) {
            this._send(command);
        }
        if (message) {
            this._refuse(message);
        } else if (!this.view.overlay) {
            this._celebrate(flash({before, taken, state, last: this.last, scanner: this}));
        }
    }

    _celebrate(news) {
        if (news) {
            this.view.overlay = news;
            const {overlay} = this.view;
            this.sounds.play(news.plate || news.slot ? "stop_done" : "task_done");
            this.later(() => this.view.overlay === overlay && this.acknowledge(), news.length);
        }
        this.last = null;
    }

    _refuse(message, more = {}) {
        this.view.overlay = {kind: "refused", message: {...more, ...message}};
        this.sounds.play("refused");
    }

    _remember(flow, inputs) {
        this.view.flow = flow;
        this.inputs = inputs;
        this.memory.keep({flow, inputs});
    }

    _unreachable(event, reply) {
        if (reply.error) {
            this._refuse(this.boot.sentences.server_error);
            return;
        }
        if (this.view.trouble !== "lost") {
            this.view.trouble = "lost";
            this.sounds.play("lost");
        }
        if (event) {
            this._refuse(this.boot.sentences.not_checked);
        } else {
            this.later(() => this.refresh(), 3000);
        }
    }
}
