import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './server';

const RATE = 44_100;

/** Runs a program to its end; it has to go well. */
function run(program: string, args: string[]): void {
    const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (error || status !== 0) throw new Error(`${program} ended with ${status}: ${error ?? stderr}`);
}

/** Speaks words into a WAV file, in the voice that the demonstration model hears. */
export function speak(words: string, file: string): void {
    run('espeak-ng', ['-v', 'en-us', '-s', '160', '-w', file, words]);
}

/** Makes a WAV file many times as large as it was, without a change to what is heard. */
export function enlarge(from: string, to: string): void {
    run('sox', [from, '-b', '16', '-r', '96000', '-c', '2', to]);
}

/** A story that the demonstration model was not trained on; there are three. */
export function story(number: 1 | 2 | 3): string {
    return readFileSync(join(ROOT, `engines/whisper/tests/stories/held-out-${number}.txt`), 'utf8');
}

/** A humming WAV file, 16 bits and one channel. */
export function humming(seconds: number): Buffer {
    const sound = Buffer.alloc(44 + RATE * seconds * 2);
    sound.write('RIFF', 0);
    sound.writeUInt32LE(sound.length - 8, 4);
    sound.write('WAVEfmt ', 8);
    sound.writeUInt32LE(16, 16);
    sound.writeUInt16LE(1, 20);
    sound.writeUInt16LE(1, 22);
    sound.writeUInt32LE(RATE, 24);
    sound.writeUInt32LE(RATE * 2, 28);
    sound.writeUInt16LE(2, 32);
    sound.writeUInt16LE(16, 34);
    sound.write('data', 36);
    sound.writeUInt32LE(sound.length - 44, 40);
    for (let at = 0; at < RATE * seconds; at += 1) {
        sound.writeInt16LE(Math.round(9000 * Math.sin(at / 31 + (at % 977) / 200)), 44 + at * 2);
    }
    return sound;
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
