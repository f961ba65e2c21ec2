// @odoo-module ignore
/* Two orders on one cart; goods count only in their slot: see driver.js for the words used here. */
async function tour(facts) {
    const [first, second] = facts.slots;
    await press(".b--go", facts.wave);
    await see(".plate");
    wedge(facts.bins[0]);
    await see(".take__q", "2");
    await see(".take__s", first);
    wedge("APPLE");
    await see(".finder", `slot ${first}`);
    await see(".finder", "1 in your hand");
    wedge("APPLE");
    await see(".finder", "2 in your hand");
    wedge("APPLE");
    await refused("That is more than needed");
    wedge("Z9");
    await refused("This is another slot");
    await see(".finder", "2 in your hand");
    wedge(first);
    await see(".full--ok", "Confirmed");
    await until("the next slot", () => !one(".full--ok") && text(".take__s").includes(second));
    wedge("APPLE");
    await see(".finder", `slot ${second}`);
    await press(".thumb .b--go", second);
    await until("the second bin", () => !one(".full--ok") && one(".plate"));

    wedge(facts.bins[1]);
    await see(".take__q", "3");
    await press(".thumb .b--col", "Damaged");
    await see(".sheet .step output", "1");
    await press(".sheet .b--go", "1 damaged");
    await until("sound ones are here", () => !one(".sheet") && text(".take__q").includes("3"));
    await press(".thumb .b--col", "Number");
    await press(".pad .b", "2");
    await press(".sheet .b--go", "2");
    await see(".finder", "counts 2");
    wedge("PLUM");
    await see(".finder", "2 in your hand");
    wedge(first);
    await until("two are confirmed", () => document.querySelectorAll(".pips .on").length === 2);
    await press(".thumb .b--col", "Short");
    await see(".sheet .step output", "2");
    await press(".sheet [role=radio]");
    await press(".sheet .b--go", "2");
    await see(".ship .li");
    await press(".thumb .b--go");
    await see(".next--none");
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`the page is wider than the phone: ${width}`);
    }
}
