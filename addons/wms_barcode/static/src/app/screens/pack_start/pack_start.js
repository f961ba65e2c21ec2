import {Component} from "@odoo/owl";

import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";

/** No order is on the table: scan one; the list says what waits. */
export class PackStart extends Component {
    static template = "wms_barcode.PackStart";
    static components = {Finder, Head};
    static props = {state: Object};

    get scanner() {
        return this.env.scanner;
    }
}
