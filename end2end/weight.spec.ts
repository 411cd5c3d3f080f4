import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Request } from '@playwright/test';
import { expect, open, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

/**
 * How heavy what each page is made of may be for somebody who comes to it for the first time: files, and bytes as they are
 * sent (Brotli). With LECTERN_WEIGH=1 the file is written anew, a fiftieth above what was weighed.
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

const MADE_OF = /\.(css|js|wasm|woff2)$/;
/** Whether a page is made of it. Pictures, sound and answers come as one looks: how many there are by then is chance. */
const counts = (request: Request) => request.resourceType() === 'document' || MADE_OF.test(new URL(request.url()).pathname);

/** For so long nothing more is asked for. */
const QUIET_MS = 1_000;

/** What a browser that has nothing of the shop yet is sent for a page. */
async function weigh(browser: Browser, baseURL: string, path: string, storageState?: State): Promise<Weight> {
    const context = await browser.newContext({ baseURL, storageState });
    const page = await context.newPage();
    const asked = new Set<Request>();
    const sent: Request[] = [];
    let last = Date.now();
    page.on('request', (request) => {
        if (!counts(request)) return;
        asked.add(request);
        last = Date.now();
    });
    page.on('requestfinished', (request) => {
        if (!asked.delete(request)) return;
        sent.push(request);
        last = Date.now();
    });
    await open(page, path);
    expect(new URL(page.url()).pathname).toBe(path);
    // The network may have been quiet for the first time before the page came to life, and asked for more.
    const quiet = () => asked.size === 0 && Date.now() - last >= QUIET_MS;
    await expect.poll(quiet, { intervals: [100], message: `${path} is all there` }).toBe(true);
    const sizes = await Promise.all(sent.map((request) => request.sizes()));
    await context.close();
    return { bytes: sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0), files: sizes.length };
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
