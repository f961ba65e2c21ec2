import {Component} from "@odoo/owl";

import {Finder} from "../../components/finder/finder";
import {Head} from "../../components/head/head";
import {Icon} from "../../components/icon/icon";
import {Maps} from "../../components/maps/maps";
import {Plate} from "../../components/plate/plate";
import {Way} from "../../components/way/way";
import {change} from "../../core/plate";

/** Walk to the next bin and scan it. */
export class Bin extends Component {
    static template = "wms_barcode.Bin";
    static components = {Finder, Head, Icon, Maps, Plate, Way};
    static props = {state: Object};

    get scanner() {
        return this.env.scanner;
    }

    /** Why this bin and why now, in one line; more would be read by nobody who walks. */
    get reason() {
        return this.props.state.why[0];
    }

    get then() {
        const {then, plate} = this.props.state;
        return then && change(plate.code, then.code);
    }
}
