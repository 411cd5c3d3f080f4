import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { expect, open, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

/**
 * How heavy each page may be for somebody who comes to it for the first time: files, and bytes as they are sent (Brotli).
 * With LECTERN_WEIGH=1 the file is written anew, a fiftieth above what was weighed.
 */
const FILE = join(__dirname, 'weight.json');
const ANEW = process.env.LECTERN_WEIGH === '1';

type Weight = { bytes: number; files: number };
const limits: Record<string, Weight> = JSON.parse(readFileSync(FILE, 'utf8'));

const TITLE = 'the-bell-at-north-rock';
const PAGES: Record<string, string> = {
    home: '/',
    browse: '/browse',
    product: `/books/${TITLE}`,
    login: '/login',
    library: '/library',
    listen: `/library/${TITLE}`,
    admin: '/admin',
};

type State = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;

/** What a browser that has nothing of the shop yet is sent for a page. */
async function weigh(browser: Browser, baseURL: string, path: string, storageState?: State): Promise<Weight> {
    const context = await browser.newContext({ baseURL, storageState });
    const page = await context.newPage();
    const sent: Promise<number>[] = [];
    page.on('requestfinished', (request) => sent.push(request.sizes().then(({ responseBodySize }) => responseBodySize)));
    await open(page, path);
    expect(new URL(page.url()).pathname).toBe(path);
    const sizes = await Promise.all(sent);
    await context.close();
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

test('no page is heavier than it was', async ({ browser, page, shop }) => {
    await register(page);
    await buy(page, TITLE);
    const listener = await page.context().storageState();
    await page.context().clearCookies();
    await logInAsAdmin(page);
    const admin = await page.context().storageState();

    const weighed: Record<string, Weight> = {};
    for (const [name, path] of Object.entries(PAGES)) {
        const whose = { library: listener, listen: listener, admin }[name];
        weighed[name] = await weigh(browser, shop.address, path, whose);
    }
    console.log(JSON.stringify(weighed));
    if (ANEW) {
        const roomy = ({ bytes, files }: Weight) => ({ bytes: Math.ceil((bytes * 1.02) / 1000) * 1000, files });
        const lines = Object.entries(weighed).map(([name, weight]) => [name, roomy(weight)]);
        writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`);
        return;
    }
    for (const [name, { bytes, files }] of Object.entries(weighed)) {
        expect.soft(bytes, `bytes of ${name}`).toBeLessThanOrEqual(limits[name].bytes);
        expect.soft(files, `files of ${name}`).toBeLessThanOrEqual(limits[name].files);
    }
});
