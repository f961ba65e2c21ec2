// Reads {labels: [{zpl, width, height, dpmm}]} from stdin, prints one line of base64 PNG each.
const { ready } = require(process.argv[2]);

async function main() {
    const chunks = [];
    for await (const chunk of process.stdin) {
        chunks.push(chunk);
    }
    const { labels } = JSON.parse(Buffer.concat(chunks).toString());
    const { api } = await ready;
    for (const one of labels) {
        const image = await api.zplToBase64Async(one.zpl, one.width, one.height, one.dpmm);
        console.log(image);
    }
}

main().then(
    () => process.exit(0),
    (error) => {
        // the module prints itself in a stack trace, all of its megabytes
        console.error(String(error && error.message ? error.message : error).slice(0, 500));
        process.exit(1);
    }
);
