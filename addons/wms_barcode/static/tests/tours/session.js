// @odoo-module ignore
/* The session ends in the middle of a stop, and a second tab opens: nothing is lost or sent twice. */
async function tour(facts) {
    await press(".b--go", facts.wave);
    await see(".plate");
    wedge(facts.bin);
    await see(".take__q", "3");

    await fetch("/web/session/destroy", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({jsonrpc: "2.0", method: "call", params: {}}),
    });
    wedge("APPLE");
    await see(".sign-in .note", "1");
    if (JSON.parse(localStorage.getItem("wms.outbox")).queue.length !== 1) {
        throw new Error("the scan is not kept");
    }
    type("input[name=password]", "not the password");
    await press("button[type=submit]");
    await see(".sign-in [role=alert]");
    type("input[name=password]", facts.password);
    await press("button[type=submit]");
    await until("one is confirmed", () => document.querySelectorAll(".pips .on").length === 1);
    if (JSON.parse(localStorage.getItem("wms.outbox")).queue.length) {
        throw new Error("the scan still waits");
    }

    const second = document.createElement("iframe");
    second.src = "/wms/scan";
    document.body.append(second);
    const inside = (selector) =>
        second.contentDocument && second.contentDocument.querySelector(selector);
    await until("the second tab steps aside", () => inside(".full--saved .b--go"));
    wedge("APPLE");
    await until("two are confirmed", () => document.querySelectorAll(".pips .on").length === 2);
    inside(".full--saved .b--go").click();
    await until("the second tab works", () => inside(".plate, .take__q"));
    await see(".full--saved h1");
    wedge("APPLE");
    await sleep(300);
    if (JSON.parse(localStorage.getItem("wms.outbox")).queue.length) {
        throw new Error("the tab that stepped aside still takes scans");
    }
}
