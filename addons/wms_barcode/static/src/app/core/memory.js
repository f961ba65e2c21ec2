/**
 * Small things kept on this device across reloads: which task is open, theme, hand.
 */

export class Memory {
    /** @param {Storage} storage */
    constructor(storage, key = "wms.memory") {
        Object.assign(this, {storage, key});
    }

    /** @returns {Object} everything kept, empty when nothing readable is there */
    all() {
        try {
            return JSON.parse(this.storage.getItem(this.key)) || {};
        } catch {
            return {};
        }
    }

    /** Keep these values beside what is kept already. */
    keep(values) {
        try {
            this.storage.setItem(this.key, JSON.stringify({...this.all(), ...values}));
        } catch {
            // A full or blocked storage loses comfort only: the server knows the task.
        }
    }
}

/** A stand-in for a browser whose storage is blocked: works until the tab closes. */
export class NoStorage {
    constructor() {
        this.values = new Map();
    }

    getItem(key) {
        return this.values.has(key) ? this.values.get(key) : null;
    }

    setItem(key, value) {
        this.values.set(key, String(value));
    }
}
