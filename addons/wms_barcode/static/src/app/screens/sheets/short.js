import {Component, useState} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";
import {add, compare, subtract} from "../../core/decimal";

const ICONS = {bin_empty: "empty", fewer: "short", damaged: "damage", other_item: "swap"};

/** Fewer than needed: how many were found and why; nothing is chosen in advance. */
export class Short extends Component {
    static template = "wms_barcode.Short";
    static components = {Icon};
    static props = {state: Object};

    setup() {
        this.view = useState(this.scanner.view);
        this.local = useState({found: this.least, reason: null});
    }

    get scanner() {
        return this.env.scanner;
    }

    get wanted() {
        return this.props.state.short.quantity;
    }

    get missing() {
        return subtract(this.wanted, this.local.found);
    }

    /** Pieces that are scanned already are in the slot: fewer cannot have been found. */
    get least() {
        return add(this.props.state.short.done, add(this.view.confirmed, this.scanner.sent));
    }

    icon(reason) {
        return ICONS[reason.code] || "warn";
    }

    step(by) {
        if (this.props.state.short.fixed) {
            return; // each piece is scanned into its slot
        }
        const found = add(this.local.found, by);
        if (compare(found, this.least) >= 0 && compare(found, this.wanted) < 0) {
            this.local.found = found;
        }
    }

    confirm() {
        if (this.local.reason) {
            const {found, reason} = this.local;
            this.scanner.act("short", {quantity: subtract(found, this.least), reason});
        }
    }
}
