/**
 * Quantities travel as decimal strings. These few functions add and compare them exactly,
 * without ever turning them into floating-point numbers.
 */

const FORM = /^-?\d{1,12}(\.\d{1,9})?$/;

/**
 * @param {string} text
 * @returns {boolean} whether the text is a plain decimal number we can compute with
 */
export function isDecimal(text) {
    return typeof text === "string" && FORM.test(text);
}

function scaled(text) {
    if (!isDecimal(text)) {
        throw new TypeError(`not a decimal quantity: ${text}`);
    }
    const [whole, part = ""] = text.replace("-", "").split(".");
    const value = BigInt(whole + part.padEnd(9, "0"));
    return text.startsWith("-") ? -value : value;
}

function written(value) {
    const sign = value < 0n ? "-" : "";
    const digits = (value < 0n ? -value : value).toString().padStart(10, "0");
    const part = digits.slice(-9).replace(/0+$/, "");
    return sign + digits.slice(0, -9) + (part && "." + part);
}

/** @returns {string} the exact sum of two decimal strings */
export function add(left, right) {
    return written(scaled(left) + scaled(right));
}

/** @returns {string} the exact difference of two decimal strings */
export function subtract(left, right) {
    return written(scaled(left) - scaled(right));
}

/** @returns {-1|0|1} the order of two decimal strings */
export function compare(left, right) {
    const difference = scaled(left) - scaled(right);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** @returns {string} the same quantity without needless zeros, "6.000" becomes "6" */
export function tidy(text) {
    return written(scaled(text));
}

/**
 * @param {string} text
 * @param {number} most the largest number worth drawing one by one
 * @returns {number|null} the whole number, or null when it cannot be drawn as dots
 */
export function dots(text, most = 8) {
    const value = scaled(text);
    const unit = 1000000000n;
    return value >= 0n && value % unit === 0n && value / unit <= BigInt(most)
        ? Number(value / unit)
        : null;
}
