/**
 * What an answer to a command means. Only an answer that carries our own id counts: a web page, a
 * proxy's error, a cut line or a server error leave the outcome unknown, and the same id is sent again.
 */

const DECIDED = new Set(["applied", "replayed", "rejected", "conflict"]);
// The server has not run these and will not under this number: take a new identity, send again.
const RENUMBER = new Set(["unknown_device", "seq_used"]);
const SESSION_EXPIRED = 100;

/**
 * @param {Object} entry the command sent
 * @param {Object} reply `{result}` or `{error}` of JSON-RPC, or `{lost: reason}`
 * @returns {"decided"|"busy"|"gap"|"expired"|"unknown"}
 */
export function meaning(entry, reply) {
    if (reply.error && reply.error.code === SESSION_EXPIRED) {
        return "expired";
    }
    const answer = reply.result;
    if (!answer || answer.cmd_id !== entry.cmd_id) {
        return "unknown";
    }
    if (answer.status === "rejected" && RENUMBER.has(answer.code)) {
        return "gap";
    }
    if (DECIDED.has(answer.status)) {
        return "decided";
    }
    return answer.status === "busy" || answer.status === "gap" ? answer.status : "unknown";
}

/**
 * Pause before the next attempt: doubling from 0.3 s to 10 s, spread by half so that many devices
 * that lost the same access point do not come back together.
 *
 * @param {number} attempt 1 for the first repetition
 * @param {() => number} random between 0 and 1
 * @returns {number} milliseconds
 */
export function pause(attempt, random = Math.random) {
    const full = Math.min(10000, 300 * 2 ** Math.min(attempt - 1, 10));
    return Math.round(full * (0.5 + random() / 2));
}
