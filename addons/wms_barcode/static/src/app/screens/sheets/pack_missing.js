import {Component, onMounted, useRef} from "@odoo/owl";

/** What is missing is named before the order leaves without it. */
export class PackMissing extends Component {
    static template = "wms_barcode.PackMissing";
    static props = {state: Object};

    setup() {
        this.button = useRef("back");
        onMounted(() => this.button.el.focus());
    }

    get scanner() {
        return this.env.scanner;
    }

    onKey(event) {
        if (event.key === "Escape") {
            this.scanner.acknowledge();
        } else if (event.key === "F10") {
            event.preventDefault();
            this.ship();
        }
    }

    ship() {
        if (this.props.state.can_ship) {
            this.scanner.act("finish_partial");
        }
    }
}
