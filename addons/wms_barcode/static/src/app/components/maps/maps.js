import {Component} from "@odoo/owl";

import {drawing} from "../../core/drawing";

/** Where the bin is: racks, the way, and the level at the rack. Drawn from coordinates only. */
export class Maps extends Component {
    static template = "wms_barcode.Maps";
    static props = {maps: Object};

    get hall() {
        return this.props.maps.hall && drawing(this.props.maps.hall);
    }

    /** Shelves from the floor up, the wanted one marked. */
    get shelves() {
        const {level, levels} = this.props.maps.rack;
        const height = 210 / levels.length;
        return levels.map((name, index) => ({
            name,
            on: name === level,
            y: 240 - (index + 1) * height,
            height,
        }));
    }
}
