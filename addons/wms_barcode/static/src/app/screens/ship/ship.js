import {Component} from "@odoo/owl";

import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";
import {Icon} from "../../components/icon/icon";

/** All stops are done: pack what lies in each slot, then confirm the shipment. */
export class Ship extends Component {
    static template = "wms_barcode.Ship";
    static components = {Finder, Head, Icon};
    static props = {state: Object};

    get scanner() {
        return this.env.scanner;
    }
}
