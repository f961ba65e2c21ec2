import {Component, useState} from "@odoo/owl";

import {Icon} from "../icon/icon";

const LONG_NAME = 45;

/** The goods: picture, name, code. */
export class Item extends Component {
    static template = "wms_barcode.Item";
    static components = {Icon};
    static props = {item: Object};

    setup() {
        this.local = useState({broken: null});
    }

    get picture() {
        const {picture} = this.props.item;
        return picture && picture !== this.local.broken ? picture : null;
    }

    get long() {
        return this.props.item.name.length > LONG_NAME;
    }

    failed() {
        this.local.broken = this.props.item.picture;
    }
}
