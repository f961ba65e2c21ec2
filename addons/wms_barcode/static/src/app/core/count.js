/**
 * Pieces of one stop: confirmed by the server, sent without an answer, and whether it is complete.
 */

import {add, compare, tidy} from "./decimal.js";

const ZERO = "0";

/** @returns {string} what a command that counts pieces of this stop adds, else "0" */
export function pieces(state, entry) {
    const counts = state && state.task_id && entry.args.task_id === state.task_id;
    return counts && entry.args.barcode ? entry.args.quantity || ZERO : ZERO;
}

/** @returns {string} pieces of this stop that wait for their answer */
export function sentPieces(state, queue) {
    return queue.reduce((sum, entry) => add(sum, pieces(state, entry)), ZERO);
}

/** @returns {string} pieces of this stop the server has confirmed */
export function donePieces(state, confirmed) {
    return state && state.take ? tidy(add(state.take.done, confirmed)) : ZERO;
}

/** @returns {boolean} everything this stop needs is scanned: further codes belong to the next screen */
export function isFull(state, done, sent) {
    const accept = state && state.accepts.scan;
    return Boolean(accept && accept.counts && compare(add(done, sent), state.take.quantity) >= 0);
}
