import {Component} from "@odoo/owl";

import {rows} from "../../core/plate";

const measured = new Map();

/** Width of a text in the plate's own font, in em: fonts differ from device to device. */
function ems(text) {
    if (!measured.has(text)) {
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = `800 100px ${getComputedStyle(document.body).fontFamily}`;
        measured.set(text, pen.measureText(text).width / 100);
    }
    return measured.get(text);
}

/** A bin address as the sign on the rack: yellow, cut into aisle, bay and level. */
export class Plate extends Component {
    static template = "wms_barcode.Plate";
    static props = {plate: Object};

    /** One or two rows; all of them are written as large as the longest one allows. */
    get rows() {
        return rows(this.props.plate.parts);
    }

    get fit() {
        const width = (row) => row.parts.reduce((sum, part) => sum + ems(part.text), 0);
        return Math.max(...this.rows.map(width)).toFixed(2);
    }

    get segments() {
        return Math.max(...this.rows.map((row) => row.parts.length));
    }
}
