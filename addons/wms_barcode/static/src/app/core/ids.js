/**
 * Identities made on the device: UUID version 7 (RFC 9562), sortable by time.
 */

const HEX = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Make one id. Only `getRandomValues` is used: `crypto.randomUUID` is missing over plain HTTP.
 *
 * @param {number} now milliseconds since 1970
 * @param {Crypto} source where random bytes come from
 * @returns {string} 36 characters
 */
export function uuid7(now = Date.now(), source = globalThis.crypto) {
    const bytes = source.getRandomValues(new Uint8Array(16));
    let rest = now;
    for (let index = 5; index >= 0; index--) {
        bytes[index] = rest % 256;
        rest = Math.floor(rest / 256);
    }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = Array.from(bytes, (byte) => HEX[byte]).join("");
    return [8, 12, 16, 20, 32]
        .map((end, index, ends) => hex.slice(index ? ends[index - 1] : 0, end))
        .join("-");
}
