// @odoo-module ignore
/* Hands and eyes for the tours: what a person with a wedge scanner does on the page.
   tests/test_scanner_tour.py puts this text, `facts` and one tour together and runs them. */
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const one = (selector) => document.querySelector(selector);
const text = (selector) =>
    one(selector) ? one(selector).textContent.replace(/\s+/g, " ").trim() : "";

async function until(what, test) {
    for (let round = 0; round < 300; round++) {
        const found = test();
        if (found) {
            return found;
        }
        await sleep(30);
    }
    throw new Error(`never happened: ${what}\n${document.body.innerText.slice(0, 600)}`);
}
const see = (selector, words = "") =>
    until(
        `${selector} ${words}`,
        () => one(selector) && text(selector).includes(words) && one(selector)
    );
const gone = (selector) => until(`${selector} gone`, () => !one(selector));

function wedge(code) {
    for (const key of [...code, "Enter"]) {
        const options = {key, bubbles: true, cancelable: true};
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", options));
    }
}
function inject(code) {
    const field = one(".wedge");
    field.value = `${code}\n`;
    field.dispatchEvent(new InputEvent("input", {bubbles: true}));
}
async function press(selector, words = "") {
    const found = await until(`button ${selector} ${words}`, () =>
        [...document.querySelectorAll(selector)].find((button) =>
            button.textContent.includes(words)
        )
    );
    found.click();
}
async function refused(title) {
    await see(".full--bad h1", title);
    if (!text(".full--bad .do")) {
        throw new Error(`${title}: no next step`);
    }
    await press(".full--bad .b--go");
    await gone(".full--bad");
}
function type(selector, value) {
    const field = one(selector);
    field.value = value;
    field.dispatchEvent(new InputEvent("input", {bubbles: true}));
}
