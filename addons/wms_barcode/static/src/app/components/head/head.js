import {Component, useState} from "@odoo/owl";

import {subtract} from "../../core/decimal";
import {Icon} from "../icon/icon";

const SIGNS = {lost: ["off", "is-off"], expired: ["off", "is-off"], stuck: ["stop", "is-off"]};

/** Head of every task screen: back, what this is, the state of the line, the bar of progress. */
export class Head extends Component {
    static template = "wms_barcode.Head";
    static components = {Icon};
    static props = {
        title: String,
        subtitle: {type: String, optional: true},
        progress: {type: Object, optional: true},
        back: {type: String, optional: true},
    };

    setup() {
        this.view = useState(this.scanner.view);
    }

    get scanner() {
        return this.env.scanner;
    }

    get sync() {
        const {open, trouble} = this.view;
        const [icon, look] = SIGNS[trouble] || (open ? ["up", "is-wait"] : ["live", ""]);
        const word = trouble && SIGNS[trouble] ? "saved" : open ? "sent" : "live";
        const text = this.scanner.word(word);
        return {icon, look, text: open ? `${open} ${text}` : text};
    }

    /** Share of the bar, in percent: confirmed stops, and the one whose scans wait for an answer. */
    get share() {
        const {confirmed, total} = this.props.progress;
        const one = 100 / Math.max(1, total);
        return {ok: confirmed * one, wait: this.view.open ? one : 0};
    }

    get spoken() {
        const {confirmed, total} = this.props.progress;
        const rest = subtract(String(total), String(confirmed));
        return `${confirmed} ${this.scanner.word("confirmed")}, ${rest} ${this.scanner.word("to_go")}`;
    }

    goBack() {
        this.scanner.act(this.props.back);
    }
}
