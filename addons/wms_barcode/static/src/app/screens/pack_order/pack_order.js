import {Component, useState} from "@odoo/owl";

import {BoxDrawing} from "../../components/box_drawing/box_drawing";
import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";
import {Icon} from "../../components/icon/icon";

const MOST_DOTS = 8;

/** The order on the table: its contents on the left, the box on the right, keys below. */
export class PackOrder extends Component {
    static template = "wms_barcode.PackOrder";
    static components = {BoxDrawing, Finder, Head, Icon};
    static props = {state: Object};

    setup() {
        this.view = useState(this.scanner.view);
    }

    get scanner() {
        return this.env.scanner;
    }

    /** The row that the last scan went into stays in view. */
    get rows() {
        return this.props.state.rows;
    }

    get prompt() {
        const {left, each} = this.props.state;
        if (!left) {
            return this.scanner.word("pack_all_in");
        }
        return each === "1"
            ? this.scanner.word("scan_item")
            : this.scanner.word("one_scan_counts", {n: each});
    }

    get more() {
        const {left, progress} = this.props.state;
        return left
            ? this.scanner.word("pack_lines_left", {n: left, all: progress.total})
            : this.scanner.word("pack_then_weigh");
    }

    /** One dot a piece, as long as they can be counted at a glance. */
    dots(row) {
        const [expected, packed] = [Number(row.expected), Number(row.packed)];
        if (!Number.isInteger(expected) || expected > MOST_DOTS || expected < 2) {
            return [];
        }
        return Array.from({length: expected}, (_, index) => ({key: index, on: index < packed}));
    }

    get buttons() {
        const button = (key, word, run) => ({key, word: this.scanner.word(word), run});
        const sheet = (name) => () => this.scanner.open(name);
        const act = (name) => () => this.scanner.act(name);
        const found = [
            button("F2", "pack_next_box", act("next_box")),
            button("F4", "pack_weigh", sheet("weigh")),
            button("F7", "pack_several", sheet("pack_number")),
            button("F8", "pack_undo", act("undo")),
        ];
        if (this.props.state.missing.length && this.props.state.can_ship) {
            found.push(button("F10", "pack_ship_short", sheet("pack_missing")));
        }
        return found;
    }

    get goWord() {
        const {ready, left} = this.props.state;
        if (ready) {
            return this.scanner.word("pack_finish");
        }
        return left
            ? this.scanner.word("pack_finish_left", {n: left})
            : this.scanner.word("pack_finish_open");
    }
}
