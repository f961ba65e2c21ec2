// @odoo-module ignore
/* Packs an order at the desk with wedge and function keys alone: see driver.js for the words. */
async function tour(facts) {
    const key = (name) =>
        document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true})
        );
    const enter = (selector) =>
        one(selector)
            .closest("form")
            .dispatchEvent(new Event("submit", {bubbles: true, cancelable: true}));
    const packed = (code, count) =>
        until(`${count} of ${code} packed`, () =>
            [...document.querySelectorAll(".pack__row")].some(
                (row) =>
                    row.textContent.includes(code) &&
                    row.querySelector(".pack__q b").textContent === count
            )
        );

    /* the answer of the second scan is lost: it must count once all the same */
    const faults = [];
    const network = window.fetch;
    window.fetch = async (url, options) => {
        const response = await network(url, options);
        if (url === "/wms/command" && faults.shift() === "lost answer") {
            throw new TypeError("Failed to fetch");
        }
        return response;
    };

    await see(".finder", "Scan an order");
    await see(".pack__orders .li", facts.order);
    wedge("NO-SUCH-ORDER");
    await see(".full--bad h1", "nothing to pack");
    key("Enter");
    await gone(".full--bad");
    wedge(facts.order);
    await see(".pack__row");
    await see(".pack__box h2", "Small");
    if (document.querySelectorAll(".boxd__piece").length !== 3) {
        throw new Error("the drawing does not show three pieces");
    }
    wedge("PLUM");
    await refused("not in the order");
    faults.push("answer", "lost answer");
    wedge("APPLE");
    wedge("APPLE");
    await packed("APPLE", "2");
    wedge("APPLE");
    await refused("more than the order needs");
    key("F8");
    await packed("APPLE", "1");
    wedge("APPLE");
    wedge("PEAR");
    await see(".finder", "Everything is in");
    await until("all drawn inside", () => document.querySelectorAll(".is-inside").length === 3);

    key("F9");
    await refused("still open");
    key("F4");
    await see(".sheet input[name=weight]");
    type(".sheet input[name=weight]", "1500");
    enter(".sheet input[name=weight]");
    await refused("weight is not as expected");
    key("F4");
    await see(".sheet input[name=weight]");
    type(".sheet input[name=weight]", "850");
    enter(".sheet input[name=weight]");
    await see(".pack__closed", "0.85 kg");
    key("F9");
    await see(".pack__done", "is packed");
    await until("three papers", () => document.querySelectorAll(".pack__papers a").length === 3);
    for (const link of document.querySelectorAll(".pack__papers a")) {
        const paper = await network(link.href);
        if (!paper.ok) {
            throw new Error(`${link.href}: ${paper.status}`);
        }
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("the page is wider than the screen");
    }
}
