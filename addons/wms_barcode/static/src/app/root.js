import {Component, onMounted, useExternalListener, useRef, useState, useSubEnv} from "@odoo/owl";

import {Icon} from "./components/icon/icon";
import {Burst} from "./core/burst";
import {Memory, NoStorage} from "./core/memory";
import {Outbox} from "./core/outbox";
import {call} from "./core/remote";
import {Scanner} from "./core/scanner";
import {Sender} from "./core/sender";
import {shortcut} from "./core/shortcut";
import {Sounds} from "./core/sounds";
import {oneSender} from "./core/tabs";
import {uuid7} from "./core/ids";
import {Accepted} from "./screens/accepted/accepted";
import {Bin} from "./screens/bin/bin";
import {Goods} from "./screens/goods/goods";
import {Home} from "./screens/home/home";
import {PackDone} from "./screens/pack_done/pack_done";
import {PackOrder} from "./screens/pack_order/pack_order";
import {PackStart} from "./screens/pack_start/pack_start";
import {Refused} from "./screens/refused/refused";
import {Ship} from "./screens/ship/ship";
import {SignIn} from "./screens/sign_in/sign_in";
import {SHEETS} from "./screens/sheets/sheets";

const SCREENS = {
    home: Home,
    bin: Bin,
    goods: Goods,
    ship: Ship,
    pack_start: PackStart,
    pack_order: PackOrder,
    pack_done: PackDone,
};
const PAUSE_WITHOUT_END = 160;

function browserStorage() {
    try {
        window.localStorage.setItem("wms.probe", "1");
        return window.localStorage;
    } catch {
        return new NoStorage();
    }
}

/** The whole page: wires storage, sender and scanner together and draws the screen of the state. */
export class Root extends Component {
    static template = "wms_barcode.Root";
    static components = {Icon, Accepted, Refused, SignIn};
    static props = {boot: Object};

    setup() {
        this.storage = browserStorage();
        this.sounds = new Sounds(window);
        this.burst = new Burst();
        this.wedge = useRef("wedge");
        this.scanner = this._scanner();
        this.view = useState(this.scanner.view);
        this.scanner.view = this.view;
        this.page = useState({deaf: false, foreign: false, ...this._preferences()});
        useSubEnv({scanner: this.scanner, page: this.page, keep: (values) => this.keep(values)});
        useExternalListener(window, "keydown", (event) => this.onKey(event), {capture: true});
        useExternalListener(window, "pointerdown", () => this.sounds.unlock());
        useExternalListener(window, "online", () => this.scanner.sender.flush());
        onMounted(() => this.begin());
    }

    get screen() {
        return this.view.state && SCREENS[this.view.state.screen];
    }

    get sheet() {
        return this.view.overlay && SHEETS[this.view.overlay.name];
    }

    /** One tab works; a second one asks before it takes over. */
    begin() {
        this.keep({});
        if (this.props.boot.desk) {
            document.documentElement.dataset.desk = "";
        }
        this.listen();
        this.tabs = oneSender({
            tabId: uuid7(),
            storage: this.storage,
            changed: (mine) => {
                this.page.foreign = !mine;
                if (mine) {
                    this.scanner.start();
                }
            },
        });
    }

    /** Keep a choice of this device and show it at once. */
    keep(values) {
        this.scanner.memory.keep(values);
        Object.assign(this.page, this._preferences());
        Object.assign(document.documentElement.dataset, {
            theme: this.page.theme,
            hand: this.page.hand,
        });
    }

    /** Give the focus back to the hidden field that hears the scanner. */
    listen() {
        if (this.wedge.el && !this._typing()) {
            this.wedge.el.focus({preventScroll: true});
        }
    }

    onKey(event) {
        if (this._typing() || this.view.signedOut || this.page.foreign) {
            return;
        }
        const pressed = event.target.closest && event.target.closest("button");
        const codes = this.burst.key(event.key, event.timeStamp);
        // an Enter that ends a scan is no key of its own
        if (!codes.length && event.key.length > 1 && shortcut(this.scanner, event.key)) {
            event.preventDefault();
            return;
        }
        if (codes.length || event.key === "Tab" || (event.key === "Enter" && !pressed)) {
            event.preventDefault();
        }
        if (event.key.length === 1 && !pressed && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            this._afterPause(event.timeStamp);
        }
        this._heard(codes);
    }

    onInput(event) {
        const text = event.target.value;
        event.target.value = "";
        this._heard(this.burst.text(text, event.timeStamp));
        this._afterPause(event.timeStamp);
    }

    onBlur() {
        setTimeout(() => {
            this.listen();
            this.page.deaf = !document.hasFocus();
        }, 0);
    }

    _afterPause(time) {
        setTimeout(() => this._heard(this.burst.idle(time + PAUSE_WITHOUT_END)), PAUSE_WITHOUT_END);
    }

    _heard(codes) {
        for (const code of codes) {
            shortcut(this.scanner, code.toUpperCase()) || this.scanner.scan(code);
        }
    }

    _typing() {
        const field = document.activeElement;
        return Boolean(
            field && field !== this.wedge.el && field.matches("input, textarea, select")
        );
    }

    _preferences() {
        const {theme = "light", hand = "right"} = this.scanner.memory.all();
        return {theme, hand};
    }

    _scanner() {
        const outbox = new Outbox(this.storage);
        const sender = new Sender({
            outbox,
            post: (envelope) => call("/wms/command", envelope),
            enrol: () => this._enrol(outbox),
            tell: () => {},
        });
        const boot = {...this.props.boot, reload: () => window.location.reload()};
        // the desk keeps its own place: the same browser may be a scanner in another tab
        const memory = new Memory(this.storage, boot.desk ? "wms.memory.desk" : undefined);
        return new Scanner({call, sender, memory, sounds: this.sounds, boot});
    }

    async _enrol(outbox) {
        const reply = await call("/wms/device", {name: navigator.userAgent.slice(0, 120)});
        if (reply.result && reply.result.device_id) {
            outbox.enrol(reply.result.device_id);
            return true;
        }
        return false;
    }
}
