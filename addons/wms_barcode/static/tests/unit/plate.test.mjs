import assert from "node:assert/strict";
import test from "node:test";
import {drawing} from "../../src/app/core/drawing.js";
import {change, rows} from "../../src/app/core/plate.js";

const parts = (...texts) => texts.map((text) => ({text, word: ""}));

test("short addresses stand in one row, long ones in two, no part is cut", () => {
    assert.equal(rows(parts("A07", "031", "3")).length, 1);
    const two = rows(parts("NORTH", "B12", "044", "12"));
    assert.deepEqual(
        two.map((row) => row.parts.map((part) => part.text)),
        [["NORTH"], ["B12", "044", "12"]]
    );
    assert.equal(two.flatMap((row) => row.parts).length, 4);
    assert.equal(rows(parts("A-VERY-LONG-NAME")).length, 1);
});

test("what stays is told from what changes, cut at a separator", () => {
    assert.deepEqual(change("A07-031-3", "A07-035-1"), ["A07-", "035-1"]);
    assert.deepEqual(change("A07-031-3", "B02-001-1"), ["", "B02-001-1"]);
    assert.deepEqual(change("A07-031-3", "A07-031-3"), ["", "A07-031-3"]);
    assert.deepEqual(change("A07", "A08"), ["", "A08"]);
});

test("the drawing keeps every point inside its box and the order of the aisles", () => {
    const aisles = Array.from({length: 20}, (_, index) => ({name: `A${index}`, x: index * 3}));
    for (const [from, to] of [
        [0, 57],
        [57, 0],
        [30, 33],
        [0, 0],
        [-5, 90],
    ]) {
        const hall = {aisles, aisle: "A11", depth: 50, me: {x: from, y: 0}, bin: {x: to, y: 70}};
        const drawn = drawing(hall);
        for (const point of [drawn.me, drawn.bin]) {
            assert.ok(point.x >= 0 && point.x <= 244 && point.y >= 0 && point.y <= 280);
        }
        const places = drawn.names.map((name) => name.x);
        assert.deepEqual(
            [...places].sort((one, two) => one - two),
            places
        );
        assert.doesNotMatch(drawn.way, /NaN/);
    }
});

test("one aisle alone can be drawn", () => {
    const hall = {
        aisles: [{name: "A", x: 4}],
        aisle: "A",
        depth: 0,
        me: {x: 4, y: 0},
        bin: {x: 4, y: 0},
    };
    assert.doesNotMatch(JSON.stringify(drawing(hall)), /null|NaN/);
});

test("the way takes the cross aisle that was planned", () => {
    const aisles = [
        {name: "A", x: 0},
        {name: "B", x: 3},
    ];
    const hall = {aisles, aisle: "B", depth: 20, me: {x: 0, y: 18}, bin: {x: 3, y: 17}};
    const turn = (drawn) => Number(drawn.way.match(/V([\d.]+)H/)[1]);
    const [front, back] = [drawing(hall), drawing({...hall, back: true})];
    assert.ok(turn(front) > front.top + front.height);
    assert.ok(turn(back) < back.top);
});

test("many aisles keep only the names that fit", () => {
    const aisles = Array.from({length: 9}, (_, index) => ({name: `A${index}`, x: index * 3}));
    const hall = {aisles, aisle: "A4", depth: 20, me: {x: 0, y: 0}, bin: {x: 24, y: 1}};
    assert.deepEqual(
        drawing(hall).names.map((name) => name.name),
        ["A0", "A4", "A8"]
    );
});
