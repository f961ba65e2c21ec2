/**
 * Tones and vibration. They differ in number, direction and roughness, so they can be told apart in
 * noise; the vibration repeats the pattern.
 */

/** event -> tones `[frequency in Hz, start and length in ms]`, wave form, loudness, vibration in ms */
export const PATTERNS = {
    read: {tones: [[1568, 0, 80]], vibrate: [40]},
    stop_done: {
        tones: [
            [1047, 0, 70],
            [1568, 80, 90],
        ],
        vibrate: [40, 60, 40],
    },
    task_done: {
        tones: [
            [1047, 0, 90],
            [1319, 100, 90],
            [1568, 200, 90],
        ],
        vibrate: [40, 60, 40, 60, 120],
    },
    saved: {tones: [[523, 0, 60]], gain: 0.12, vibrate: [20]},
    question: {
        tones: [
            [660, 0, 100],
            [660, 160, 100],
        ],
        vibrate: [80, 80, 80],
    },
    refused: {
        tones: [
            [196, 0, 260],
            [196, 340, 260],
        ],
        wave: "sawtooth",
        vibrate: [300, 120, 300],
    },
    lost: {
        tones: [
            [784, 0, 120],
            [523, 130, 120],
        ],
        vibrate: [120],
    },
    back: {
        tones: [
            [523, 0, 120],
            [784, 130, 120],
        ],
        vibrate: [120],
    },
};

export class Sounds {
    /**
     * @param {Object} [scope] the window, or a stand-in with AudioContext and navigator
     */
    constructor(scope = globalThis) {
        this.scope = scope;
        this.context = null;
    }

    /** Browsers allow sound only after a touch: call this from the first one. */
    unlock() {
        const Context = this.scope.AudioContext;
        if (Context && !this.context) {
            this.context = new Context();
        }
        if (this.context && this.context.state === "suspended") {
            this.context.resume();
        }
    }

    /** @param {keyof PATTERNS} name */
    play(name) {
        const pattern = PATTERNS[name];
        if (this.scope.navigator && this.scope.navigator.vibrate && this.context) {
            this.scope.navigator.vibrate(pattern.vibrate);
        }
        if (this.context && this.context.state === "running") {
            pattern.tones.forEach((tone) => this._tone(tone, pattern));
        }
    }

    _tone([frequency, start, length], {wave = "sine", gain = 0.4}) {
        const begin = this.context.currentTime + start / 1000;
        const end = begin + length / 1000;
        const source = this.context.createOscillator();
        const level = this.context.createGain();
        source.type = wave;
        source.frequency.value = frequency;
        level.gain.setValueAtTime(gain, begin);
        level.gain.exponentialRampToValueAtTime(0.001, end);
        source.connect(level).connect(this.context.destination);
        source.start(begin);
        source.stop(end);
    }
}
