import {App, whenReady} from "@odoo/owl";
import {getTemplate} from "@web/core/templates";

import {Root} from "./root";

whenReady(() => {
    const boot = JSON.parse(document.getElementById("wms-boot").textContent);
    const app = new App(Root, {getTemplate, props: {boot}});
    app.mount(document.body);
});
