/**
 * JSON-RPC over fetch. Never throws: everything that is not a JSON-RPC answer becomes `{lost}`.
 */

/**
 * @param {string} url
 * @param {Object} params
 * @param {Object} [options]
 * @param {typeof fetch} [options.fetcher]
 * @param {number} [options.timeout] milliseconds
 * @returns {Promise<{result?: any, error?: Object, lost?: string}>}
 */
export async function call(url, params, {fetcher = globalThis.fetch, timeout = 15000} = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeout);
    try {
        const response = await fetcher(url, {
            method: "POST",
            credentials: "same-origin",
            cache: "no-store",
            redirect: "error",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({jsonrpc: "2.0", method: "call", params}),
            signal: stop.signal,
        });
        if (!response.ok) {
            return {lost: `http ${response.status}`};
        }
        const body = JSON.parse(await response.text());
        if (body && body.error) {
            return {error: body.error};
        }
        return body && "result" in body ? {result: body.result} : {lost: "no answer"};
    } catch (error) {
        return {lost: error.name || "network"};
    } finally {
        clearTimeout(timer);
    }
}
