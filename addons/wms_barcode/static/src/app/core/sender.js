/**
 * Sends the outbox, one command at a time and in order. A command leaves the outbox only with its
 * answer; until then the same id is sent again.
 */

import {meaning, pause} from "./reply.js";

const BUDGET = 5 * 60 * 1000;

export class Sender {
    /**
     * @param {Object} parts
     * @param {import("./outbox.js").Outbox} parts.outbox
     * @param {(envelope: Object) => Promise<Object>} parts.post resolves to a reply, see reply.js
     * @param {() => Promise<boolean>} parts.enrol gives this browser a new device identity
     * @param {(event: string, entry?: Object, answer?: Object) => void} parts.tell
     * @param {(ms: number) => Promise<void>} [parts.wait]
     * @param {() => number} [parts.now]
     * @param {() => number} [parts.random]
     */
    constructor(parts) {
        const wait = (ms) => new Promise((done) => setTimeout(done, ms));
        Object.assign(this, {wait, now: () => Date.now(), random: Math.random}, parts);
        this.running = null;
        this.uid = null;
        this.trouble = null;
    }

    /** @returns {number} commands without an answer */
    get open() {
        return this.outbox.queue.length;
    }

    /**
     * Send until the outbox is empty or a person is needed.
     *
     * @returns {Promise<void>} resolves when the sender stops
     */
    flush() {
        this.running ||= this._run().finally(() => {
            this.running = null;
        });
        return this.running;
    }

    async _run() {
        let attempt = 0;
        let since = this.now();
        let renumbered = false;
        for (let entry = this.outbox.head(); entry; entry = this.outbox.head()) {
            if (entry.uid !== this.uid) {
                return this._stop("other_user", entry);
            }
            if (!entry.device_id && (await this.enrol())) {
                continue;
            }
            const {uid, ...envelope} = entry;
            const reply = await this.post(envelope);
            const outcome = meaning(entry, reply);
            if (outcome === "decided") {
                this.outbox.settle(entry.cmd_id);
                this._recovered();
                this.tell("decided", entry, reply.result);
                [attempt, since, renumbered] = [0, this.now(), false];
                continue;
            }
            if (outcome === "expired") {
                return this._stop("expired", entry);
            }
            if (outcome === "gap" && !renumbered) {
                renumbered = await this.enrol();
                if (renumbered) {
                    continue;
                }
            }
            if (this.now() - since > BUDGET) {
                return this._stop("stuck", entry);
            }
            attempt += 1;
            this._waiting(outcome, entry);
            await this.wait(pause(attempt, this.random));
        }
    }

    _waiting(outcome, entry) {
        const trouble = outcome === "busy" ? "busy" : "lost";
        if (this.trouble !== trouble) {
            this.trouble = trouble;
            this.tell("waiting", entry);
        }
    }

    _recovered() {
        if (this.trouble) {
            this.trouble = null;
            this.tell("recovered");
        }
    }

    _stop(reason, entry) {
        this.trouble = reason;
        this.tell(reason, entry);
    }
}
