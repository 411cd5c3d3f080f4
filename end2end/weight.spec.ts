import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Request } from '@playwright/test';
import { expect, settled, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

/**
 * How heavy what each page is made of may be for somebody who comes to it for the first time: files, and bytes as they are
 * sent (Brotli); when it has come (`landed`), and when it has been used as well (`used`). A page that is heard or worked with
 * comes to life by itself, and weighs the same both times. With LECTERN_WEIGH=1 the file is written anew, a fiftieth above what
 * was weighed.
 */
const FILE = join(__dirname, 'weight.json');
const ANEW = process.env.LECTERN_WEIGH === '1';

type Weight = { bytes: number; files: number };
type Weights = { landed: Weight; used: Weight };
const limits: Record<string, Weights> = JSON.parse(readFileSync(FILE, 'utf8'));

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

/** Pages that come to life by themselves. */
const WAKEFUL = ['library', 'listen', 'admin'];

/** What may be sent for a page that somebody lands on. */
const LANDING = 220_000;

/** For so long nothing more is asked for; and by a page that sleeps, longer than the others wait for a moment to wake. */
const QUIET_MS = 1_000;
const ASLEEP_MS = 6_000;

/** What a browser that has nothing of the shop yet is sent for a page. */
async function weigh(browser: Browser, baseURL: string, path: string, wakeful: boolean, storageState?: State): Promise<Weights> {
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
    const quiet = async (quietly: number) => {
        const still = () => asked.size === 0 && Date.now() - last >= quietly;
        await expect.poll(still, { intervals: [100], message: `${path} is all there` }).toBe(true);
        const sizes = await Promise.all(sent.map((request) => request.sizes()));
        return { bytes: sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0), files: sizes.length };
    };
    await page.goto(path);
    expect(new URL(page.url()).pathname).toBe(path);
    if (wakeful) await page.locator('html:not([data-waits])').waitFor({ state: 'attached' });
    const landed = await quiet(wakeful ? QUIET_MS : ASLEEP_MS);
    // The network may have been quiet for the first time before the page came to life, and asked for more.
    await settled(page);
    const used = await quiet(QUIET_MS);
    await context.close();
    return { landed, used };
}

test('no page is heavier than it was', async ({ browser, page, shop }) => {
    await register(page);
    await buy(page, TITLE);
    const listener = await page.context().storageState();
    await page.context().clearCookies();
    await logInAsAdmin(page);
    const admin = await page.context().storageState();

    const weighed: Record<string, Weights> = {};
    for (const [name, path] of Object.entries(PAGES)) {
        const whose = { library: listener, listen: listener, admin }[name];
        weighed[name] = await weigh(browser, shop.address, path, WAKEFUL.includes(name), whose);
    }
    console.log(JSON.stringify(weighed));
    for (const [name, { landed }] of Object.entries(weighed)) {
        if (!WAKEFUL.includes(name)) expect.soft(landed.bytes, `bytes of ${name} before it is used`).toBeLessThanOrEqual(LANDING);
    }
    if (ANEW) {
        const roomy = ({ bytes, files }: Weight) => ({ bytes: Math.ceil((bytes * 1.02) / 1000) * 1000, files });
        const lines = Object.entries(weighed).map(([name, { landed, used }]) => [name, { landed: roomy(landed), used: roomy(used) }]);
        writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`);
        return;
    }
    for (const [name, weights] of Object.entries(weighed)) {
        for (const [when, { bytes, files }] of Object.entries(weights)) {
            const limit = limits[name][when as keyof Weights];
            expect.soft(bytes, `bytes of ${name}, ${when}`).toBeLessThanOrEqual(limit.bytes);
            expect.soft(files, `files of ${name}, ${when}`).toBeLessThanOrEqual(limit.files);
        }
    }
});
