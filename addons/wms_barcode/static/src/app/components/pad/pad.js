import {Component} from "@odoo/owl";

import {Icon} from "../icon/icon";

/** Number keys; tells every press, keeps nothing. */
export class Pad extends Component {
    static template = "wms_barcode.Pad";
    static components = {Icon};
    static props = {press: Function, point: {type: Boolean, optional: true}};

    keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
}

/**
 * @param {string} text what is typed so far
 * @param {string} key a digit, "." or "" for delete
 * @returns {string} the text after the key
 */
export function typed(text, key) {
    if (key === "") {
        return text.slice(0, -1);
    }
    if (key === "." && text.includes(".")) {
        return text;
    }
    return text.length < 9 ? (text === "0" && key !== "." ? key : text + key) : text;
}
