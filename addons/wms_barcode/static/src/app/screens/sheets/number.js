import {Component, useState} from "@odoo/owl";

import {Pad, typed} from "../../components/pad/pad";
import {add, compare, isDecimal, subtract} from "../../core/decimal";

/** How many pieces the next scan of the item counts. */
export class Number extends Component {
    static template = "wms_barcode.Number";
    static components = {Pad};
    static props = {state: Object};

    setup() {
        this.view = useState(this.scanner.view);
        this.local = useState({text: ""});
    }

    get scanner() {
        return this.env.scanner;
    }

    get left() {
        return subtract(this.props.state.take.quantity, add(this.scanner.done, this.scanner.sent));
    }

    get ready() {
        const {text} = this.local;
        return isDecimal(text) && compare(text, "0") > 0 && compare(text, this.left) <= 0;
    }

    press(key) {
        this.local.text = typed(this.local.text, key);
    }

    confirm() {
        if (this.ready) {
            this.scanner.act("number", {quantity: this.local.text});
        }
    }
}
