/**
 * Function keys and scanned command codes: a state's `keys` say what each of them does. Enter says
 * that a refusal is read.
 */

/**
 * @param {Object} scanner its state, and the ways to act, to open a sheet
 * @param {string} key as in KeyboardEvent.key, or the code in capitals
 * @param {(url: string) => any} [show] opens a paper beside the page
 * @returns {boolean} whether the key had a meaning here
 */
export function shortcut(scanner, key, show = (url) => window.open(url)) {
    const {state, overlay} = scanner.view;
    if (key === "Enter" && overlay && overlay.kind === "refused") {
        scanner.acknowledge();
        return true;
    }
    // a green screen says that something is done; a refusal or a sheet wants an answer first
    const isFree = !overlay || overlay.kind === "accepted";
    const meaning = isFree && state && state.keys && state.keys[key];
    if (!meaning) {
        return false;
    }
    if (meaning.sheet) {
        scanner.open(meaning.sheet);
    } else if (meaning.open) {
        show(meaning.open);
    } else {
        scanner.act(meaning.act);
    }
    return true;
}
