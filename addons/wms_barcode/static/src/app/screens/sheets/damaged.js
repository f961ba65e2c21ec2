import {Component, useState} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";
import {add, compare} from "../../core/decimal";

/** Broken goods in the bin: how many; they leave the stop and sound ones replace them. */
export class Damaged extends Component {
    static template = "wms_barcode.Damaged";
    static components = {Icon};
    static props = {state: Object};

    setup() {
        this.local = useState({count: "1"});
    }

    get scanner() {
        return this.env.scanner;
    }

    step(by) {
        const count = add(this.local.count, by);
        if (compare(count, "0") > 0) {
            this.local.count = count;
        }
    }

    confirm() {
        this.scanner.act("damaged", {quantity: this.local.count});
    }
}
