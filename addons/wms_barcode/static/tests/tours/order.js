// @odoo-module ignore
/* One order at a time: no slot, a short that another bin makes good. */
async function tour(facts) {
    await press(".b--go", facts.wave);
    await see(".plate");
    wedge(facts.bin);
    await see(".take__q", "3");
    await see(".take__s", facts.order);
    wedge("APPLE");
    await until("one is confirmed", () => document.querySelectorAll(".pips .on").length === 1);
    await press(".thumb .b--col", "Short");
    await see(".sheet", facts.other);
    await press(".sheet [role=radio]");
    await press(".sheet .b--go", "1");
    await until("the other bin", () => !one(".full--ok") && text(".plate").includes("A12"));
    wedge(facts.other);
    await see(".take__q", "2");
    wedge("APPLE");
    inject("APPLE");
    await see(".ship .li", facts.order);
    await press(".thumb .b--go");
    await see(".next--none");
}
