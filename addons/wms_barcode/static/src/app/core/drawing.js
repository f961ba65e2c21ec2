/**
 * The hall as a small drawing: metres become units of a view box, the front aisle is at the bottom.
 */

const WIDTH = 244;
const HEIGHT = 280;
const MARGIN = 12;
const TOP = 48;
const BOTTOM = 50;
const MOST = 5;
const TURN = 14; // from the end of the racks to the middle of a cross aisle

/**
 * @param {Object} hall in metres
 * @param {{name: string, x: number}[]} hall.aisles in order of x
 * @param {number} hall.depth length of an aisle
 * @param {{x: number, y: number}} hall.me where the worker stands
 * @param {{x: number, y: number}} hall.bin where to go
 * @param {{x: number, y: number}} [hall.next] the stop after it
 * @param {boolean} [hall.back] the way goes through the back cross aisle
 * @returns {Object} racks, names, points and the way in units of the view box
 */
export function drawing(hall) {
    const shown = around(hall);
    const [first, last] = [shown[0].x, shown[shown.length - 1].x];
    const step = shown.length > 1 ? (WIDTH - 2 * MARGIN) / shown.length : WIDTH - 2 * MARGIN;
    const left = shown.length > 1 ? MARGIN + 0.5 * step : WIDTH / 2;
    const across = (x) =>
        shown.length > 1
            ? left +
              (clamp(x, first, last) - first) * (((shown.length - 1) * step) / (last - first))
            : left;
    const along = (y) =>
        HEIGHT - BOTTOM - clamp(y / Math.max(1, hall.depth), 0, 1) * (HEIGHT - BOTTOM - TOP);
    const point = (place) => place && {x: across(place.x), y: along(place.y)};
    const [me, bin, next] = [point(hall.me), point(hall.bin), point(hall.next)];
    return {
        racks: shown.map((aisle) => ({
            x: across(aisle.x) - step * 0.5,
            width: step * 0.29,
            right: across(aisle.x) + step * 0.21,
        })),
        names: named(shown, hall).map((aisle) => ({
            ...aisle,
            x: across(aisle.x),
            on: aisle.name === hall.aisle,
        })),
        way: way(hall, me, bin),
        me,
        bin,
        next,
        top: TOP,
        height: HEIGHT - BOTTOM - TOP,
    };
}

function around({aisles, bin, me}) {
    const nearest = (x) =>
        aisles.reduce(
            (best, aisle, at) => (Math.abs(aisle.x - x) < Math.abs(aisles[best].x - x) ? at : best),
            0
        );
    const [from, to] = [nearest(Math.min(bin.x, me.x)), nearest(Math.max(bin.x, me.x))];
    const spare = Math.max(0, MOST - (to - from + 1));
    const begin = Math.max(
        0,
        Math.min(from - Math.floor(spare / 2), aisles.length - (to - from + 1) - spare)
    );
    return aisles.slice(begin, Math.max(begin + MOST, to + 1));
}

function way(hall, me, bin) {
    if (hall.me.x === hall.bin.x) {
        return `M${me.x} ${me.y}V${bin.y}`;
    }
    const across = hall.back ? TOP - TURN : HEIGHT - BOTTOM + TURN;
    return `M${me.x} ${me.y}V${across}H${bin.x}V${bin.y}`;
}

function clamp(value, low, high) {
    return Math.min(high, Math.max(low, value));
}

/** Names that fit: all of a few aisles, else those of the first, the last and the wanted one. */
function named(shown, hall) {
    if (shown.length <= MOST) {
        return shown;
    }
    const kept = [shown[0].name, shown[shown.length - 1].name];
    return shown.filter((aisle) => kept.includes(aisle.name) || aisle.name === hall.aisle);
}
