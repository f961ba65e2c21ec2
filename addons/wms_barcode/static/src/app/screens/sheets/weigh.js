import {Component, onMounted, useRef, useState} from "@odoo/owl";

import {isDecimal} from "../../core/decimal";

/** Close the box: the scale's figure or a typed one, and which box it is (arrow keys). */
export class Weigh extends Component {
    static template = "wms_barcode.Weigh";
    static props = {state: Object};

    setup() {
        this.local = useState({text: "", type: this.props.state.type_id});
        this.field = useRef("field");
        onMounted(() => this.field.el.focus());
    }

    get scanner() {
        return this.env.scanner;
    }

    onKey(event) {
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        if (step) {
            event.preventDefault();
            this.choose(step);
        } else if (event.key === "Escape") {
            this.scanner.acknowledge();
        } else if (event.key === "F10" && this.props.state.is_lead) {
            event.preventDefault();
            this.close(true);
        }
    }

    choose(step) {
        const {types} = this.props.state;
        const at = types.findIndex((kind) => kind.id === this.local.type);
        const next = types[(at + step + types.length) % types.length];
        this.local.type = next ? next.id : null;
    }

    pick(kind) {
        this.local.type = kind.id;
        this.field.el.focus();
    }

    /** A comma counts as a point: that is what many keyboards have on their number pad. */
    get weight() {
        return this.local.text.trim().replace(",", ".");
    }

    close(accept) {
        if (this.weight && !isDecimal(this.weight)) {
            return;
        }
        const values = {};
        if (this.weight) {
            values.weight = this.weight;
        }
        if (this.local.type) {
            values.package_type_id = this.local.type;
        }
        if (accept) {
            values.accept = true;
        }
        this.scanner.act("close_box", values);
    }

    submit(event) {
        event.preventDefault();
        this.close(false);
    }
}
