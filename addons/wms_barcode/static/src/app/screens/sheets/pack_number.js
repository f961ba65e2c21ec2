import {Component, onMounted, useRef, useState} from "@odoo/owl";

import {compare, isDecimal} from "../../core/decimal";

/** How many pieces the next scan of an item counts. */
export class PackNumber extends Component {
    static template = "wms_barcode.PackNumber";
    static props = {state: Object};

    setup() {
        this.local = useState({text: ""});
        this.field = useRef("field");
        onMounted(() => this.field.el.focus());
    }

    get scanner() {
        return this.env.scanner;
    }

    onKey(event) {
        if (event.key === "Escape") {
            this.scanner.acknowledge();
        }
    }

    submit(event) {
        event.preventDefault();
        const quantity = this.local.text.trim().replace(",", ".");
        if (isDecimal(quantity) && compare(quantity, "0") > 0) {
            this.scanner.act("number", {quantity});
        }
    }
}
