import {Damaged} from "./damaged";
import {Entries} from "./entries";
import {Number} from "./number";
import {Short} from "./short";
import {Typing} from "./typing";

/** Sheets that open over a screen, by the name a button asks for. */
export const SHEETS = {
    damaged: Damaged,
    entries: Entries,
    number: Number,
    short: Short,
    typing: Typing,
};
