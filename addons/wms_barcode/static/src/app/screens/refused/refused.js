import {Component, onMounted, useRef} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";

/** An error stops the hand: it stays until it is read. */
export class Refused extends Component {
    static template = "wms_barcode.Refused";
    static components = {Icon};
    static props = {message: Object};

    setup() {
        this.button = useRef("understood");
        onMounted(() => this.button.el.focus({preventScroll: true}));
    }

    get scanner() {
        return this.env.scanner;
    }

    /** What to do now, one step a line. */
    get steps() {
        const {next} = this.props.message;
        return next ? next.split(/(?<=[.!?\u3002])\s+/) : [];
    }

    get scanned() {
        return this.props.message.scanned || "";
    }
}
