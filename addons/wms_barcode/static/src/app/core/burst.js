/**
 * Tells scans from stray keys. A wedge scanner types its code as fast keys or injects it as text and
 * ends it with Enter or Tab; several scans may follow each other without a pause.
 */

const ENDS = /[\r\n\t]+/;
const CONTROL = /[\u0000-\u001c\u001e\u001f\u007f\ufeff\u200b]/g;

export class Burst {
    /**
     * @param {Object} [options]
     * @param {number} [options.gap] longest pause inside one scan, in milliseconds
     * @param {number} [options.shortest] codes below this length are stray keys
     * @param {number} [options.longest] codes above this length are cut off as noise
     */
    constructor({gap = 150, shortest = 2, longest = 200} = {}) {
        Object.assign(this, {gap, shortest, longest});
        this.buffer = "";
        this.last = -Infinity;
    }

    /**
     * One key. `Unidentified` and modifier keys are ignored: their text arrives as input.
     *
     * @param {string} key as in KeyboardEvent.key
     * @param {number} time milliseconds
     * @returns {string[]} codes that are complete now
     */
    key(key, time) {
        if (key === "Enter" || key === "Tab") {
            return this.end(time);
        }
        if (key.length === 1) {
            this.append(key, time);
        }
        return [];
    }

    /**
     * Injected or pasted text; it may hold several codes, each ended by a line break or tab.
     *
     * @returns {string[]} codes that are complete now
     */
    text(text, time) {
        const pieces = text.split(ENDS);
        const codes = [];
        pieces.forEach((piece, index) => {
            this.append(piece, time);
            if (index < pieces.length - 1) {
                codes.push(...this.end(time));
            }
        });
        return codes;
    }

    /** @returns {string[]} the code whose sender gave no end, once the pause is long enough */
    idle(time) {
        return this.buffer.length > 2 && time - this.last >= this.gap ? this.end(this.last) : [];
    }

    append(piece, time) {
        if (time - this.last > this.gap) {
            this.buffer = "";
        }
        this.buffer = (this.buffer + piece).slice(0, this.longest + 1);
        this.last = time;
    }

    end(time) {
        const code = time - this.last > this.gap ? "" : cleaned(this.buffer);
        this.buffer = "";
        return code.length >= this.shortest && code.length <= this.longest ? [code] : [];
    }
}

/**
 * @param {string} code as the device gave it
 * @returns {string} without control characters, except the GS1 separator, and without outer blanks
 */
export function cleaned(code) {
    return code.replace(CONTROL, "").trim();
}
