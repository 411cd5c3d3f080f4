import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, test as base, expect } from '@playwright/test';
import { Keeper } from './keeper';
import type { Shop, Wishes } from './server';

export { expect };

interface Files {
    wishes: Wishes;
    keeper: Keeper;
}

interface Each {
    shop: Shop;
    /** What the console says because a journey brings it about on purpose, by the reason for it. */
    expected: Record<string, RegExp>;
    /** Listens to what another browser complains of. That of `page` is listened to anyway. */
    overhear: (browser: BrowserContext) => void;
    quiet: void;
    /** A folder of this machine, for as long as the journey takes. */
    folder: string;
}

/** Journeys through a shop that is opened once for each file of them. */
export const test = base.extend<Each, Files>({
    wishes: [{}, { option: true, scope: 'worker' }],
    keeper: [
        async ({ wishes }, use) => {
            const keeper = new Keeper(wishes);
            await use(keeper);
            await keeper.close();
        },
        { scope: 'worker' },
    ],
    shop: [async ({ keeper }, use, info) => use(await keeper.shopOf(info.file)), { timeout: 120_000 }],
    baseURL: async ({ shop }, use) => use(shop.address),
    expected: [{}, { option: true }],
    // A journey fails when a browser complains, and keeps what the server said.
    overhear: async ({ shop, expected }, use, info) => {
        const complaints: string[] = [];
        const begun = shop.log.length;
        const complain = (words: string) => {
            if (!Object.values(expected).some((known) => known.test(words))) complaints.push(words);
        };
        await use((browser) => {
            browser.on('console', (message) => {
                if (message.type() === 'error') complain(`${message.text()} (${message.location().url})`);
            });
            browser.on('weberror', (error) => complain(String(error.error().stack ?? error.error())));
        });
        if (info.status !== info.expectedStatus || complaints.length > 0) {
            await info.attach('server.log', { body: shop.log.slice(begun) || 'nothing', contentType: 'text/plain' });
        }
        expect(complaints, 'what the browser complained of').toEqual([]);
    },
    quiet: [
        async ({ context, overhear }, use) => {
            overhear(context);
            await use();
        },
        { auto: true },
    ],
    // Playwright reads from the braces what a fixture needs, and wants them even where it needs nothing.
    folder: async ({}, use) => {
        const folder = mkdtempSync(join(tmpdir(), 'lectern-files-'));
        await use(folder);
        rmSync(folder, { recursive: true, force: true });
    },
});

/** What the console says of a request that the server refused. Both are parts of regular expressions. */
export function refused(status: string, path: string): RegExp {
    return new RegExp(`the server responded with a status of ${status} .*${path}(\\?[^)]*)?\\)$`);
}

/** Opens a page and waits until it has come to life. */
export async function open(page: Page, path: string): Promise<void> {
    await page.goto(path);
    await settled(page);
}

/** Wakes the page, where it sleeps until it is used, and waits until it is alive and has nothing more to ask the shop. */
export async function settled(page: Page): Promise<void> {
    // Another page may be on its way, and take the place of the one that was woken.
    await expect(async () => {
        await page.locator('html').dispatchEvent('wake');
        await page.locator('html:not([data-waits])').waitFor({ state: 'attached', timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await page.waitForLoadState('networkidle');
}
