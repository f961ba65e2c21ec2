/**
 * What the green screen says when the server has confirmed the end of a stop or of a wave.
 */

import {add} from "./decimal.js";

const STOP = 600;
const WAVE = 1500;

/**
 * @param {Object} facts
 * @param {Object|null} facts.before the state that was shown
 * @param {string} facts.taken pieces confirmed at the stop before
 * @param {Object} facts.state the state that is shown now
 * @param {Object|null} facts.last the last command that was applied
 * @param {{word: (key: string, values?: Object) => string}} facts.scanner
 * @returns {Object|null} the overlay to show, or null when nothing has ended
 */
export function flash({before, taken, state, last, scanner}) {
    if (!before || !last) {
        return null;
    }
    const end = before.done && (before.done.op || "ship.confirm");
    if (end && last.op === end && state.screen !== before.screen) {
        return {
            kind: "accepted",
            length: WAVE,
            title: before.done.title,
            detail: before.done.detail,
        };
    }
    if (!before.take || !before.task_id || key(before) === key(state)) {
        return null;
    }
    const metres = state.way && state.way.metres;
    return {
        kind: "accepted",
        length: STOP,
        title: scanner.word("confirmed_title"),
        what: what(before, taken, last, scanner),
        detail: before.item.name,
        plate: state.plate && state.plate.code,
        slot: before.task_id === state.task_id && state.slot.name,
        next: metres ? `${scanner.word("next")}, ${metres} m` : scanner.word("next"),
    };
}

function what({take, slot}, taken, last, scanner) {
    if (last.op === "pick.short") {
        const n = add(taken, last.args.quantity);
        return scanner.word("taken_short", {n, all: take.quantity, unit: take.unit});
    }
    return `${taken} ${take.unit} ${slot.word} ${slot.name}`;
}

/** A stop is done slot by slot: each order's goods have their own place on the cart. */
function key(state) {
    return `${state.task_id}/${state.slot ? state.slot.id : ""}`;
}
