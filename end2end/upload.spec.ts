import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { request as ask } from 'node:http';
import { join } from 'node:path';
import { expect, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';

const RATE = 44_100;
const SECONDS = 480;

/** A humming WAV file, 16 bits and one channel. */
function humming(): Buffer {
    const sound = Buffer.alloc(44 + RATE * SECONDS * 2);
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
    for (let at = 0; at < RATE * SECONDS; at += 1) {
        sound.writeInt16LE(Math.round(9000 * Math.sin(at / 31 + (at % 977) / 200)), 44 + at * 2);
    }
    return sound;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The checksums of all files of a size under a folder. */
function checksums(folder: string, size: number): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name)))
        .filter((bytes) => bytes.length === size)
        .map(sha256);
}

const base64 = (words: string) => Buffer.from(words).toString('base64');

test('an upload goes on at the byte it had when the server was killed', async ({ page, shop }) => {
    await logInAsAdmin(page);
    const sound = humming();
    const half = Math.floor(sound.length / 2);
    const draft = await page.request.post('/api/admin/create-draft', {
        form: { title: 'A long hum' },
        headers: { accept: 'application/json' },
    });
    expect(draft.ok()).toBe(true);
    const id = (await draft.json()) as string;

    const created = await page.request.post('/uploads', {
        headers: {
            'Tus-Resumable': '1.0.0',
            'Upload-Length': String(sound.length),
            'Upload-Metadata': `filename ${base64('hum.wav')},filetype ${base64('audio/wav')},audiobook ${base64(id)}`,
        },
    });
    expect(created.status(), await created.text()).toBe(201);
    const upload = new URL(created.headers().location, shop.address);
    const cookie = (await page.context().cookies(shop.address)).map((one) => `${one.name}=${one.value}`).join('; ');

    await test.step('the server is killed when it has about half', async () => {
        const sending = ask(upload, {
            method: 'PATCH',
            headers: {
                cookie,
                'Tus-Resumable': '1.0.0',
                'Upload-Offset': '0',
                'Content-Type': 'application/offset+octet-stream',
                'Content-Length': sound.length,
            },
        });
        const cut = new Promise((done) => sending.once('error', done));
        await new Promise((sent) => sending.write(sound.subarray(0, half), sent));
        // What the system has taken is not yet what the server has written.
        await page.waitForTimeout(2_000);
        await shop.kill('SIGKILL');
        await cut;
        sending.destroy();
        await shop.start();
    });

    await test.step('it goes on at the byte it had', async () => {
        const known = await page.request.head(upload.pathname, { headers: { 'Tus-Resumable': '1.0.0' } });
        expect(known.status()).toBe(200);
        const offset = Number(known.headers()['upload-offset']);
        expect(offset).toBeGreaterThan(half / 4);
        expect(offset).toBeLessThanOrEqual(half);
        const rest = await page.request.patch(upload.pathname, {
            headers: {
                'Tus-Resumable': '1.0.0',
                'Upload-Offset': String(offset),
                'Content-Type': 'application/offset+octet-stream',
            },
            data: sound.subarray(offset),
        });
        expect(rest.status(), await rest.text()).toBe(204);
        expect(Number(rest.headers()['upload-offset'])).toBe(sound.length);
    });

    await expect.poll(() => checksums(join(shop.data, 'storage'), sound.length), { timeout: 30_000 }).toContain(sha256(sound));
});
