import {Component, onMounted, useRef, useState} from "@odoo/owl";

import {cleaned} from "../../core/burst";

/** The label is torn: type its code, or the check digits on the shelf. */
export class Typing extends Component {
    static template = "wms_barcode.Typing";
    static props = {state: Object};

    setup() {
        this.local = useState({text: ""});
        this.field = useRef("field");
        onMounted(() => this.field.el.focus());
    }

    get scanner() {
        return this.env.scanner;
    }

    submit(event) {
        event.preventDefault();
        const code = cleaned(this.local.text);
        if (code) {
            this.scanner.acknowledge();
            this.scanner.scan(code);
        }
    }
}
