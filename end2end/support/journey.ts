import { type Page, test as base, expect } from '@playwright/test';
import { Shop, type Wishes } from './server';

export { expect };

interface Files {
    wishes: Wishes;
    shop: Shop;
}

interface Each {
    /** Parts of complaints in the console that a journey brings about on purpose. */
    expected: string[];
    quiet: void;
}

/** Journeys through a shop that is opened once for each file of them. */
export const test = base.extend<Each, Files>({
    wishes: [{}, { option: true, scope: 'worker' }],
    shop: [
        async ({ wishes }, use) => {
            const shop = await Shop.open(wishes);
            await use(shop);
            await shop.close();
        },
        { scope: 'worker', timeout: 120_000 },
    ],
    baseURL: async ({ shop }, use) => use(shop.address),
    expected: [[], { option: true }],
    // A journey fails when the browser complains, and keeps what the server said.
    quiet: [
        async ({ context, shop, expected }, use, info) => {
            const complaints: string[] = [];
            const begun = shop.log.length;
            const complain = (words: string) => {
                if (!expected.some((part) => words.includes(part))) complaints.push(words);
            };
            context.on('console', (message) => {
                if (message.type() === 'error') complain(`${message.text()} (${message.location().url})`);
            });
            context.on('weberror', (error) => complain(String(error.error().stack ?? error.error())));
            await use();
            if (info.status !== info.expectedStatus || complaints.length > 0) {
                await info.attach('server.log', { body: shop.log.slice(begun) || 'nothing', contentType: 'text/plain' });
            }
            expect(complaints, 'what the browser complained of').toEqual([]);
        },
        { auto: true },
    ],
});

/** Opens a page and waits until it has come to life. */
export async function open(page: Page, path: string): Promise<void> {
    await page.goto(path);
    await settled(page);
}

export async function settled(page: Page): Promise<void> {
    await page.waitForLoadState('networkidle');
}
