import {Component} from "@odoo/owl";

import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";
import {Icon} from "../../components/icon/icon";

/** The order has left the table: its packages, its papers, and the next scan. */
export class PackDone extends Component {
    static template = "wms_barcode.PackDone";
    static components = {Finder, Head, Icon};
    static props = {state: Object};

    get scanner() {
        return this.env.scanner;
    }
}
