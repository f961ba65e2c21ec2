import {Component, useState} from "@odoo/owl";

import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";
import {Icon} from "../../components/icon/icon";
import {Item} from "../../components/item/item";
import {add, compare, dots, subtract} from "../../core/decimal";

/** At the bin: which goods, how many, into which slot. */
export class Goods extends Component {
    static template = "wms_barcode.Goods";
    static components = {Finder, Head, Icon, Item};
    static props = {state: Object};

    setup() {
        this.view = useState(this.scanner.view);
    }

    get scanner() {
        return this.env.scanner;
    }

    /** One dot for each piece: filled = confirmed, striped = sent, empty = open; null when too many. */
    get dots() {
        const total = dots(this.props.state.take.quantity);
        const [done, sent] = [dots(this.done, 999), dots(this.sent, 999)];
        if (total === null || done === null || sent === null) {
            return null;
        }
        return Array.from({length: total}, (_, index) =>
            index < done ? "on" : index < done + sent ? "w" : ""
        );
    }

    get done() {
        return this.view.confirmed && this.scanner.done;
    }

    get sent() {
        return this.view.open ? this.scanner.sent : "0";
    }

    get left() {
        const left = subtract(this.props.state.take.quantity, add(this.done, this.sent));
        return compare(left, "0") > 0 ? left : "0";
    }

    /** The dots in figures, for many pieces and for fractions. */
    get count() {
        const word = (key) => this.scanner.word(key);
        const sent = this.sent === "0" ? "" : `, ${this.sent} ${word("sent")}`;
        return `${this.done} ${word("confirmed")}${sent}`;
    }

    get more() {
        const {take} = this.props.state;
        if (take.each !== "1") {
            return this.scanner.word("one_scan_counts", {n: take.each});
        }
        return this.scanner.word("n_more", {n: this.left});
    }
}
