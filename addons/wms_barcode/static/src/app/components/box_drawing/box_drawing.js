import {Component} from "@odoo/owl";

import {boxDrawing} from "../../core/box_drawing";

/** The proposed box: pieces that are in it are dark, those still to come are outlined. */
export class BoxDrawing extends Component {
    static template = "wms_barcode.BoxDrawing";
    static props = {drawing: Object, spoken: String};

    get picture() {
        return boxDrawing(this.props.drawing);
    }
}
