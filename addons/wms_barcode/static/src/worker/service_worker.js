// @odoo-module ignore
/**
 * Keeps what the page is made of, so that it opens over a weak network. The page itself comes from
 * the network first; bundles and pictures have their version in their address and come from the
 * cache. Questions and commands (POST) are never touched.
 */

const STORE = "wms-scan-1";
const PAGE = "/wms/scan";
const FIXED = /^\/(web\/assets|wms_barcode\/static|wms\/picture)\//;
const MOST = 300;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
    const old = async () => {
        const names = await caches.keys();
        await Promise.all(
            names
                .filter((name) => /^wms-scan-/.test(name) && name !== STORE)
                .map((name) => caches.delete(name))
        );
        await self.clients.claim();
    };
    event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (url.pathname === PAGE) {
        event.respondWith(networkFirst(event.request));
    } else if (FIXED.test(url.pathname)) {
        event.respondWith(cacheFirst(event.request));
    }
});

async function networkFirst(request) {
    try {
        const answer = await fetch(request);
        return answer.ok ? keep(PAGE, answer) : answer;
    } catch (error) {
        const kept = await caches.match(PAGE);
        if (kept) {
            return kept;
        }
        throw error;
    }
}

async function cacheFirst(request) {
    const kept = await caches.match(request);
    if (kept) {
        return kept;
    }
    const answer = await fetch(request);
    return answer.ok ? keep(request, answer) : answer;
}

async function keep(request, answer) {
    const store = await caches.open(STORE);
    const names = await store.keys();
    await Promise.all(
        names.slice(0, Math.max(0, names.length - MOST)).map((name) => store.delete(name))
    );
    await store.put(request, answer.clone());
    return answer;
}
