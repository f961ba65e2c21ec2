import {Component} from "@odoo/owl";

/** One drawing of the sprite; hidden from screen readers, so always beside a word. */
export class Icon extends Component {
    static template = "wms_barcode.Icon";
    static props = {name: String, look: {type: String, optional: true}};
    static defaultProps = {look: ""};
}
