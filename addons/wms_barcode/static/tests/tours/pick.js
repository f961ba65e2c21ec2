// @odoo-module ignore
/* Works a whole pick on the real page over a bad network: see driver.js for the words used here. */
async function tour(facts) {
    /* The network is bad: what the script says happens to the next commands, in order. */
    const faults = [];
    const sent = [];
    const network = window.fetch;
    window.fetch = async (url, options) => {
        if (url !== "/wms/command") {
            return network(url, options);
        }
        sent.push(JSON.parse(options.body).params);
        const fault = faults.shift();
        if (fault === "lost request") {
            throw new TypeError("Failed to fetch");
        }
        if (fault === "html") {
            return new Response("<html>wireless sign-in</html>", {status: 200});
        }
        const response = await network(url, options);
        if (fault === "lost answer") {
            throw new TypeError("Failed to fetch");
        }
        return response;
    };

    await see(".next h2", facts.wave);
    await press(".b--go", facts.wave);

    await see(".plate");
    await until("plate of the first bin", () =>
        facts.bins[0].split("-").every((part) => text(".plate").includes(part))
    );
    wedge(facts.bins[1]);
    await refused("Wrong bin");
    wedge("NO-SUCH-CODE");
    await refused("Nobody knows");
    wedge(facts.bins[0]);

    await see(".take__q", "3");
    wedge("PLUM");
    await refused("");
    faults.push("lost answer", "html", "lost request", "answer", "lost answer");
    wedge("APPLE");
    wedge("APPLE");
    inject("APPLE");
    await see(".full--ok", "Confirmed");
    await see(".full--ok .mini", facts.bins[1]);
    await until(
        "plate of the second bin",
        () => !one(".full--ok") && text(".plate").includes("A10")
    );

    await press(".finder");
    await see(".sheet input[name=code]");
    type(".sheet input[name=code]", facts.digits);
    await press(".sheet button[type=submit]");
    await see(".take__q", "6");
    await press(".thumb .b--col", "Number");
    await press(".pad .b", "4");
    await press(".sheet .b--go", "4");
    await see(".finder", "4");
    wedge("PLUM");
    await until("four are confirmed", () => document.querySelectorAll(".pips .on").length === 4);
    await press(".thumb .b--col", "Short");
    await see(".sheet .step output", "4");
    if (one(".sheet .b--go").getAttribute("aria-disabled") !== "true") {
        throw new Error("a reason was chosen in advance");
    }
    await press(".sheet [role=radio]");
    await press(".sheet .b--go", "4");

    await see(".ship .li", facts.order);
    await press(".thumb .b--go");
    await see(".next--none");
    const ids = new Set(sent.map((envelope) => envelope.cmd_id));
    if (sent.length <= ids.size) {
        throw new Error("nothing was sent again: the faults did not happen");
    }
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`the page is wider than the phone: ${width}`);
    }
}
