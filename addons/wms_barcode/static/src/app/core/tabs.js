/**
 * One tab sends, the others step aside. Web Locks where the browser has them (secure pages), else a
 * lease in the shared storage that its holder renews.
 */

const NAME = "wms.sender";
const LEASE = 6000;
const RENEW = 2000;

/**
 * @param {Object} parts
 * @param {string} parts.tabId
 * @param {Storage} parts.storage
 * @param {LockManager} [parts.locks]
 * @param {() => number} [parts.now]
 * @param {(work: () => void, ms: number) => any} [parts.every]
 * @param {(mine: boolean) => void} parts.changed told whenever this tab wins or loses the right
 * @returns {{take: () => void}} `take` claims the right from another tab
 */
export function oneSender({
    tabId,
    storage,
    locks = globalThis.navigator?.locks,
    now = () => Date.now(),
    every = (work, ms) => setInterval(work, ms),
    changed,
}) {
    return locks ? byLocks(locks, changed) : byLease({tabId, storage, now, every, changed});
}

function byLocks(locks, changed) {
    const hold = () => {
        changed(true);
        return new Promise(() => {});
    };
    const ask = (options) =>
        locks
            .request(NAME, options, (lock) => (lock ? hold() : changed(false)))
            .catch(() => changed(false));
    ask({ifAvailable: true});
    return {take: () => ask({steal: true})};
}

function byLease({tabId, storage, now, every, changed}) {
    let mine = null;
    const set = (value) => {
        if (mine !== value) {
            mine = value;
            changed(value);
        }
    };
    const claim = () => {
        storage.setItem(NAME, JSON.stringify({tabId, until: now() + LEASE}));
        set(true);
    };
    const look = () => {
        let lease = null;
        try {
            lease = JSON.parse(storage.getItem(NAME));
        } catch {
            lease = null;
        }
        if (!lease || lease.tabId === tabId || (!mine && lease.until < now())) {
            claim();
        } else {
            set(false);
        }
    };
    look();
    every(look, RENEW);
    return {take: claim};
}
