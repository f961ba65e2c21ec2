import {Component} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";

/** The server said yes: green, with the next place on it already. A tap or a scan ends it. */
export class Accepted extends Component {
    static template = "wms_barcode.Accepted";
    static components = {Icon};
    static props = {news: Object};
}
