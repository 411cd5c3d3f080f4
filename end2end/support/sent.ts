import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, open, test as journey } from './journey';
import { type Proxy, inFront } from './proxy';
import { ROOT } from './server';
import { buy, register } from './shopper';
import { sha256 } from './sound';

const TITLE = 'the-bell-at-north-rock';
const PART = /^\/listen\/[0-9a-f-]{36}\/parts\/0$/;
const SOUND = readFileSync(join(ROOT, 'seed/audio', `${TITLE}.mp3`));

/** Journeys through a proxy that sends what is heard. */
export function behind(name: 'nginx' | 'lighttpd') {
    return journey.extend<{ proxy: Proxy }>({
        proxy: async ({ shop }, use) => {
            const proxy = await inFront(name, shop);
            await use(proxy);
            await proxy.close();
        },
        baseURL: async ({ proxy }, use) => use(proxy.address),
    });
}

/** Buys a title and hears it; the path of its sound. */
export async function hear(page: Page): Promise<string> {
    await register(page);
    await buy(page, TITLE);
    const asked = page.waitForRequest((request) => PART.test(new URL(request.url()).pathname), { timeout: 60_000 });
    await open(page, `/library/${TITLE}`);
    const player = page.getByTestId('player');
    await player.getByTestId('play-this').or(player.getByTestId('play')).first().click();
    const path = new URL((await asked).url()).pathname;
    await expect.poll(() => page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0)).toBeGreaterThan(1);
    return path;
}

/** Any stretch of it is what was sold, and so is the whole; nobody is told where it lies. */
export async function isWhatWasSold(page: Page, path: string): Promise<void> {
    const middle = Math.floor(SOUND.length / 2);
    for (const [from, to] of [[0, 99], [middle, middle + 65_535], [SOUND.length - 100, SOUND.length - 1]]) {
        const answer = await page.request.get(path, { headers: { range: `bytes=${from}-${to}` } });
        expect(answer.status()).toBe(206);
        const headers = answer.headers();
        expect(headers['content-range']).toBe(`bytes ${from}-${to}/${SOUND.length}`);
        expect([headers['x-accel-redirect'], headers['x-sendfile']]).toEqual([undefined, undefined]);
        expect((await answer.body()).equals(SOUND.subarray(from, to + 1)), `bytes ${from} to ${to}`).toBe(true);
    }
    const beyond = await page.request.get(path, { headers: { range: `bytes=${SOUND.length}-` } });
    expect(beyond.status()).toBe(416);
    const whole = await page.request.get(path.replace('/listen/', '/download/'));
    expect(whole.headers()['content-disposition']).toMatch(/^attachment/);
    expect(sha256(await whole.body())).toBe(sha256(SOUND));
}

/** Whoever has not bought it gets nothing, by none of the addresses. */
export async function isForItsBuyerAlone(page: Page, path: string): Promise<void> {
    // Nothing plays on.
    await page.goto('about:blank');
    await page.context().clearCookies();
    expect((await page.request.get(path)).status(), 'a guest').toBe(401);
    for (const address of [path, path.replace('/listen/', '/download/')]) {
        const answer = await page.request.get(address);
        expect((await answer.body()).includes(SOUND.subarray(0, 1000)), address).toBe(false);
    }
    await register(page);
    expect((await page.request.get(path)).status(), 'somebody else').toBe(404);
}

/** Stored recordings, by their paths below the folder for files. */
export function stored(data: string): string[] {
    const files = readdirSync(join(data, 'storage/audio'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name).slice(join(data, 'storage').length));
}
