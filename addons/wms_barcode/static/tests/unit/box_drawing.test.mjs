import assert from "node:assert/strict";
import {test} from "node:test";

import {boxDrawing, farFirst} from "../../src/app/core/box_drawing.js";

const piece = (at, sides, inside = false) => ({at, sides, inside});
const numbers = (points) => points.split(/[ ,]/).map(Number);

test("what stands behind, below or beside is drawn first", () => {
    const near = piece([50, 50, 0], [50, 50, 50]);
    const far = piece([0, 0, 0], [50, 50, 50]);
    const onTop = piece([0, 0, 50], [50, 50, 50]);
    const order = farFirst([near, onTop, far]);
    assert.equal(order[0], far);
    assert.ok(order.indexOf(onTop) > order.indexOf(far));
});

test("every order of the same pieces draws the low before the high", () => {
    const stack = [0, 1, 2, 3].map((level) => piece([0, 0, 40 * level], [60, 60, 40]));
    const shuffled = [stack[2], stack[0], stack[3], stack[1]];
    assert.deepEqual(farFirst(shuffled), stack);
});

test("a ring of three still draws all", () => {
    const ring = [
        piece([0, 0, 100], [100, 200, 100]),
        piece([100, 0, 0], [100, 100, 200]),
        piece([0, 100, 0], [200, 100, 100]),
    ];
    assert.equal(new Set(farFirst(ring)).size, 3);
});

test("the drawing stays inside its frame, whatever the box", () => {
    for (const inner of [
        [200, 150, 100],
        [900, 90, 90],
        [50, 50, 800],
    ]) {
        const drawing = boxDrawing({inner, pieces: [piece([0, 0, 0], inner, true)]});
        const [, , width, height] = drawing.view.split(" ").map(Number);
        const all = [...drawing.floor, ...drawing.pieces[0].faces.map((face) => face.points)];
        for (const points of all) {
            numbers(points).forEach((value, index) => {
                assert.ok(value >= 0 && value <= (index % 2 ? height : width), points);
            });
        }
        assert.equal(drawing.pieces[0].inside, true);
    }
});
