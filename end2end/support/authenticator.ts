import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** An app that shows the codes of a key (RFC 6238), as a phone does. */
export class Authenticator {
    private readonly key: Buffer;
    private shown = 0;

    /** The key as the page shows it. */
    constructor(written: string) {
        let bits = '';
        for (const letter of written.replace(/\s/g, '')) bits += LETTERS.indexOf(letter).toString(2).padStart(5, '0');
        this.key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
    }

    /** The code of now; a new one each time, for none opens twice. Waits for it where that is needed. */
    async next(): Promise<string> {
        // The shop takes the code of the coming half minute as well: that much the clocks may differ.
        const now = Math.floor(Date.now() / STEP_MS);
        const step = Math.max(now, this.shown + 1);
        if (step > now + 1) await new Promise((done) => setTimeout(done, (step - 1) * STEP_MS - Date.now() + 200));
        this.shown = step;
        return this.at(step);
    }

    private at(step: number): string {
        const counter = Buffer.alloc(8);
        counter.writeBigUInt64BE(BigInt(step));
        const mac = createHmac('sha1', this.key).update(counter).digest();
        const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
        return String(number % 1_000_000).padStart(6, '0');
    }
}
