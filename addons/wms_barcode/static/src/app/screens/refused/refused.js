import {Component, onMounted, useRef} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";
import {Item} from "../../components/item/item";
import {Plate} from "../../components/plate/plate";

/** An error stops the hand: it stays until it is read. */
export class Refused extends Component {
    static template = "wms_barcode.Refused";
    static components = {Icon, Item, Plate};
    static props = {message: Object, state: {type: Object, optional: true}};

    setup() {
        this.button = useRef("understood");
        onMounted(() => this.button.el.focus({preventScroll: true}));
    }

    get scanner() {
        return this.env.scanner;
    }

    /** What to do now, one step a line. */
    get steps() {
        const {next} = this.props.message;
        return next ? next.split(/(?<=[.!?\u3002])\s+/) : [];
    }

    /** What was read, unless the sentence names it already. */
    get scanned() {
        const {scanned = "", detail} = this.props.message;
        return detail.includes(scanned) ? "" : scanned;
    }

    /** Draw what is needed instead: the bin's plate, or the goods. */
    get needed() {
        const {screen, plate, item} = this.props.state || {};
        return screen === "bin" ? {plate} : screen === "goods" ? {item} : {};
    }
}
