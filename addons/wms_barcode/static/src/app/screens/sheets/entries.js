import {Component, useState} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";

/** What this device has sent without an answer, and the few choices kept on it. */
export class Entries extends Component {
    static template = "wms_barcode.Entries";
    static components = {Icon};
    static props = {state: {type: Object, optional: true}};

    setup() {
        this.view = useState(this.scanner.view);
    }

    get scanner() {
        return this.env.scanner;
    }

    get waiting() {
        return this.view.open ? this.scanner.sender.outbox.queue.slice(0, 6) : [];
    }

    sendNow() {
        this.scanner.acknowledge();
        this.scanner.sender.flush();
    }

    change(values) {
        this.env.keep(values);
    }
}
