import {Component} from "@odoo/owl";

import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";
import {Icon} from "../../components/icon/icon";

/** What to do next: one task in full, the others as figures. */
export class Home extends Component {
    static template = "wms_barcode.Home";
    static components = {Finder, Head, Icon};
    static props = {state: Object};

    get scanner() {
        return this.env.scanner;
    }
}
