/**
 * How a bin address fills its plate: up to eight characters stand in one row, more in two.
 */

const ONE_ROW = 8;

function size(parts) {
    return parts.reduce((sum, part) => sum + [...part.text].length, 0);
}

/**
 * @param {{text: string, word: string}[]} parts aisle, bay, level
 * @returns {{parts: Object[]}[]} one or two rows; a part is never cut
 */
export function rows(parts) {
    const row = (some) => ({parts: some});
    if (size(parts) <= ONE_ROW || parts.length < 2) {
        return [row(parts)];
    }
    let best = 1;
    for (let cut = 1; cut < parts.length; cut++) {
        const longer = (at) => Math.max(size(parts.slice(0, at)), size(parts.slice(at)));
        best = longer(cut) < longer(best) ? cut : best;
    }
    return [row(parts.slice(0, best)), row(parts.slice(best))];
}

/**
 * What stays the same as in the code before, and what changes.
 *
 * @returns {[string, string]} the equal beginning, cut at a separator, and the rest
 */
export function change(before, after) {
    let same = 0;
    while (same < Math.min(before.length, after.length) && before[same] === after[same]) {
        same += 1;
    }
    if (same === after.length) {
        return ["", after];
    }
    const cut =
        Math.max(...["-", "/", ".", " "].map((mark) => after.lastIndexOf(mark, same - 1))) + 1;
    return [after.slice(0, cut), after.slice(cut)];
}
