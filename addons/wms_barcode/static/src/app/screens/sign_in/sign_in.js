import {Component, useState} from "@odoo/owl";

import {Icon} from "../../components/icon/icon";
import {signIn} from "../../core/sign_in";

/** Name and password; what waits on this device is kept and named. */
export class SignIn extends Component {
    static template = "wms_barcode.SignIn";
    static components = {Icon};
    static props = {};

    setup() {
        this.view = useState(this.scanner.view);
        this.local = useState({
            login: this.scanner.boot.login,
            password: "",
            wrong: "",
            busy: false,
        });
    }

    get scanner() {
        return this.env.scanner;
    }

    async submit(event) {
        event.preventDefault();
        this.local.busy = true;
        this.local.wrong = await signIn(this.scanner, this.local.login.trim(), this.local.password);
        this.local.password = "";
        this.local.busy = false;
    }
}
