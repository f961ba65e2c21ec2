/**
 * The commands this device has not got an answer for, its identity and its sequence number: one JSON
 * value in one storage key, written before anything is sent, so a reload resends the same ids.
 */

import {uuid7} from "./ids.js";

const KEY = "wms.outbox";
const EMPTY = {device_id: null, seq: 0, queue: []};

export class Outbox {
    /**
     * @param {Storage} storage
     * @param {Object} [options]
     * @param {() => number} [options.now]
     * @param {() => string} [options.newId]
     */
    constructor(storage, {now = () => Date.now(), newId = () => uuid7()} = {}) {
        Object.assign(this, {storage, now, newId});
    }

    /** @returns {{device_id: string|null, seq: number, queue: Object[]}} what is stored now */
    read() {
        try {
            const value = JSON.parse(this.storage.getItem(KEY));
            return value && Array.isArray(value.queue) ? value : structuredClone(EMPTY);
        } catch {
            return structuredClone(EMPTY);
        }
    }

    write(value) {
        this.storage.setItem(KEY, JSON.stringify(value));
    }

    get deviceId() {
        return this.read().device_id;
    }

    get queue() {
        return this.read().queue;
    }

    /**
     * Take on a new identity: after the first start, or when the server misses a sequence number.
     * What waits keeps its ids and gets new numbers.
     *
     * @param {string} deviceId
     */
    enrol(deviceId) {
        const value = this.read();
        value.device_id = deviceId;
        value.seq = value.queue.length;
        value.queue.forEach((entry, index) => {
            entry.device_id = deviceId;
            entry.seq = index + 1;
        });
        this.write(value);
    }

    /**
     * Put one command into the queue.
     *
     * @param {{op: string, args: Object, expect?: Object, uid: number}} order
     * @returns {Object} the stored entry
     */
    push({op, args, expect = {}, uid}) {
        const value = this.read();
        value.seq += 1;
        const entry = {
            cmd_id: this.newId(),
            device_id: value.device_id,
            seq: value.seq,
            op,
            args,
            expect,
            client_ts: new Date(this.now()).toISOString(),
            uid,
        };
        value.queue.push(entry);
        this.write(value);
        return entry;
    }

    /** @returns {Object|undefined} the command to send next */
    head() {
        return this.queue[0];
    }

    /** Forget a command that has its answer. */
    settle(cmdId) {
        const value = this.read();
        value.queue = value.queue.filter((entry) => entry.cmd_id !== cmdId);
        this.write(value);
    }
}
