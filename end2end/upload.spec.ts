import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { request as ask } from 'node:http';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, open, refused, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';
import { humming, sha256 } from './support/sound';
import { drop, dropZone, narrowLine } from './support/uploading';

const sound = humming(480);
const half = Math.floor(sound.length / 2);

test.use({
    expected: {
        'a line that is cut, and a server that is not there':
            /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED) \(\S+\/uploads\/[0-9a-f-]{36}\)$/,
        'a server that still writes down what the cut line brought': refused('(409|423)', '/uploads/[0-9a-f-]{36}'),
    },
});

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
        await shop.kill();
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

/** What the page and the server say to each other of an upload: how far it was at each question, and from where bytes were taken. */
class Talk {
    readonly told: number[] = [];
    readonly taken: number[] = [];

    constructor(page: Page) {
        page.on('response', (response) => {
            const request = response.request();
            if (!/\/uploads\/[0-9a-f-]{36}$/.test(request.url())) return;
            if (request.method() === 'HEAD' && response.ok()) this.told.push(Number(response.headers()['upload-offset']));
            if (request.method() === 'PATCH' && response.ok()) this.taken.push(Number(request.headers()['upload-offset']));
        });
    }
}

/** Waits until so much of the only file has been sent. */
async function expectSent(page: Page, percent: number): Promise<void> {
    const bar = page.getByTestId('upload-row').getByRole('progressbar');
    const reached = async () => Number(await bar.getAttribute('value'));
    await expect.poll(reached, { intervals: [50], timeout: 30_000 }).toBeGreaterThanOrEqual(percent);
}

test('an upload in a browser survives a reload at half, and then the end of the server', async ({ page, shop, folder }) => {
    const file = join(folder, 'a hum to be cut.wav');
    writeFileSync(file, sound);
    const row = page.getByTestId('upload-row');
    let talk = new Talk(page);
    await logInAsAdmin(page);
    await open(page, '/admin');

    await test.step('it is cut at about half by a reload', async () => {
        await narrowLine(page, 8_000_000);
        await drop(page, [file]);
        await expectSent(page, 50);
        await page.reload();
        await expect(page.getByText('choose the file again to go on')).toBeVisible();
        await expect(row).toHaveCount(0);
        expect(talk.told, 'it began at the beginning').toEqual([0]);
    });

    await test.step('chosen again, it goes on at the byte it had', async () => {
        talk = new Talk(page);
        await dropZone(page).locator('input[type=file]').first().setInputFiles(file);
        // By then a first piece of the rest has been taken.
        await expectSent(page, 76);
        const from = talk.taken[0];
        expect(talk.told, 'the shop said from where').toContain(from);
        expect(from).toBeGreaterThan(sound.length * 0.35);
        expect(from).toBeLessThan(sound.length * 0.65);
    });

    await test.step('it waits for a server that was killed, and goes on by itself', async () => {
        const before = talk.told.length;
        await shop.kill();
        await expect(row).toHaveAttribute('data-state', 'unreachable');
        await shop.start();
        await expect.poll(() => talk.told.length, { timeout: 40_000 }).toBeGreaterThan(before);
        expect(talk.told.at(-1)).toBeGreaterThanOrEqual(talk.taken[0]);
        await expect(row).toHaveAttribute('data-state', 'done', { timeout: 40_000 });
        const ascending = [...talk.taken].sort((one, other) => one - other);
        expect(talk.taken, 'no byte was taken twice').toEqual([...new Set(ascending)]);
    });

    expect(checksums(join(shop.data, 'storage', 'audio'), sound.length)).toContain(sha256(sound));
});
