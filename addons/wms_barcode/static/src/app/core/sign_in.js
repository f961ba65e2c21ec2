/**
 * Sign in from the page. What waits in the outbox stays, and is sent when it is the same person.
 *
 * @param {import("./scanner.js").Scanner} scanner
 * @param {string} login
 * @param {string} password
 * @returns {Promise<string>} key of the word that says what went wrong, or ""
 */
export async function signIn(scanner, login, password) {
    const {boot} = scanner;
    const reply = await scanner.call("/web/session/authenticate", {db: boot.db, login, password});
    const uid = reply.result && reply.result.uid;
    if (!uid) {
        scanner.sounds.play("refused");
        return reply.lost ? "sign_in_unreachable" : "sign_in_refused";
    }
    if (uid !== boot.uid) {
        boot.reload();
        return "";
    }
    scanner.view.signedOut = false;
    await scanner.start();
    return "";
}
