import {App, whenReady} from "@odoo/owl";
import {getTemplate} from "@web/core/templates";

import {Root} from "./root";

whenReady(() => {
    const boot = JSON.parse(document.getElementById("wms-boot").textContent);
    const app = new App(Root, {getTemplate, props: {boot}});
    app.mount(document.body);
    // Only secure pages have it; without it the page works, it just cannot open without a network.
    if ("serviceWorker" in navigator) {
        navigator.serviceWorker
            .register("/wms/service-worker.js", {scope: "/wms/"})
            .catch(() => {});
    }
});
