import {Component} from "@odoo/owl";

const ARROWS = {
    right: "M14 48V26a8 8 0 018-8h18M30 6l13 12-13 12",
    left: "M38 48V26a8 8 0 00-8-8H12M22 6L9 18l13 12",
    straight: "M26 48V8M11 22L26 6l15 16",
    back: "M16 48V20a10 10 0 0120 0v24M25 34l11 12 11-12",
    here: "M26 6v30M14 26l12 14 12-14M8 47h36",
};

/** How far and which way: an arrow, metres, and one line of words. */
export class Way extends Component {
    static template = "wms_barcode.Way";
    static props = {way: Object};

    get arrow() {
        return ARROWS[this.props.way.turn] || ARROWS.straight;
    }
}
