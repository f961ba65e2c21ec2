import {Component, useState} from "@odoo/owl";

import {Icon} from "../icon/icon";

const TAGS = {
    place: ["bin", "tag--place"],
    goods: ["code", ""],
    any: ["code", ""],
    slot: ["cart", "tag--slot"],
};

/** The lowest third of a task screen: what to scan now, and the few buttons under the thumb. */
export class Finder extends Component {
    static template = "wms_barcode.Finder";
    static components = {Icon};
    static props = {
        kind: String,
        prompt: String,
        more: {type: String, optional: true},
        buttons: {type: Array, optional: true},
        slots: {type: Object, optional: true},
    };
    static defaultProps = {more: "", buttons: []};

    setup() {
        this.view = useState(this.env.scanner.view);
    }

    get scanner() {
        return this.env.scanner;
    }

    get tag() {
        return TAGS[this.props.kind];
    }

    press(button) {
        if (button.sheet) {
            this.scanner.open(button.sheet);
        } else {
            this.scanner.act(button.action);
        }
    }
}
