/**
 * A box with its pieces as a drawing: seen from above its near corner, the far pieces first.
 */

const COS = Math.cos(Math.PI / 6);
const SIN = 0.5;
const WIDTH = 320;
const HEIGHT = 230;
const MARGIN = 6;

/** A point of the box in mm as a point of the drawing, before scaling. */
function flat([x, y, z]) {
    return [(x - y) * COS, (x + y) * SIN - z];
}

/** Whether one piece hides nothing of the other, so that it may be drawn before it. */
function isBehind(one, other) {
    return [0, 1, 2].some((axis) => one.at[axis] + one.sides[axis] <= other.at[axis]);
}

/**
 * Pieces in the order of drawing: each after all that it may hide.
 *
 * @param {{at: number[], sides: number[]}[]} pieces corners and sides in mm
 * @returns {Object[]} the same pieces
 */
export function farFirst(pieces) {
    const waiting = [...pieces];
    const drawn = [];
    while (waiting.length) {
        const free = waiting.findIndex((piece) =>
            waiting.every(
                (other) => other === piece || !isBehind(other, piece) || isBehind(piece, other)
            )
        );
        // three pieces may hide each other in a ring; then any of them comes first
        drawn.push(...waiting.splice(Math.max(free, 0), 1));
    }
    return drawn;
}

/** The three faces of a cuboid that are seen: top, left, right. */
function faces({at: [x, y, z], sides: [a, b, c]}) {
    const corner = (i, j, k) => [x + i * a, y + j * b, z + k * c];
    return {
        top: [corner(0, 0, 1), corner(1, 0, 1), corner(1, 1, 1), corner(0, 1, 1)],
        left: [corner(0, 1, 0), corner(1, 1, 0), corner(1, 1, 1), corner(0, 1, 1)],
        right: [corner(1, 0, 0), corner(1, 1, 0), corner(1, 1, 1), corner(1, 0, 1)],
    };
}

/**
 * @param {{inner: number[], pieces: Object[]}} box sides in mm; pieces with `at`, `sides`, `inside`
 * @returns {{view: string, floor: string[], pieces: Object[]}} polygons as SVG points
 */
export function boxDrawing({inner, pieces}) {
    const [length, width, height] = inner;
    const [left, right] = [flat([0, width, 0])[0], flat([length, 0, 0])[0]];
    const [top, bottom] = [flat([0, 0, height])[1], flat([length, width, 0])[1]];
    const scale = Math.min(
        (WIDTH - 2 * MARGIN) / (right - left),
        (HEIGHT - 2 * MARGIN) / (bottom - top)
    );
    const aside = (WIDTH - (right - left) * scale) / 2;
    const points = (corners) =>
        corners
            .map(flat)
            .map(([x, y]) => [
                (x - left) * scale + aside,
                (y - top) * scale + (HEIGHT - (bottom - top) * scale) / 2,
            ])
            .map((point) => point.map((value) => value.toFixed(1)).join(","))
            .join(" ");
    const [l, w, h] = inner;
    return {
        view: `0 0 ${WIDTH} ${HEIGHT}`,
        floor: [
            points([
                [0, 0, 0],
                [l, 0, 0],
                [l, w, 0],
                [0, w, 0],
            ]),
            points([
                [0, 0, 0],
                [l, 0, 0],
                [l, 0, h],
                [0, 0, h],
            ]),
            points([
                [0, 0, 0],
                [0, w, 0],
                [0, w, h],
                [0, 0, h],
            ]),
        ],
        pieces: farFirst(pieces).map((piece, number) => ({
            key: number,
            inside: piece.inside,
            faces: Object.entries(faces(piece)).map(([name, corners]) => ({
                name,
                points: points(corners),
            })),
        })),
    };
}
