import {Damaged} from "./damaged";
import {Entries} from "./entries";
import {Number} from "./number";
import {PackMissing} from "./pack_missing";
import {PackNumber} from "./pack_number";
import {Short} from "./short";
import {Typing} from "./typing";
import {Weigh} from "./weigh";

/** Sheets that open over a screen, by the name a button asks for. */
export const SHEETS = {
    damaged: Damaged,
    entries: Entries,
    number: Number,
    pack_missing: PackMissing,
    pack_number: PackNumber,
    short: Short,
    typing: Typing,
    weigh: Weigh,
};
