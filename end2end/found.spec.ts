import type { Page } from '@playwright/test';
import { expect, open, test } from './support/journey';
import { Vocabulary } from './support/schema-org';

const BOOK = '/books/the-bell-at-north-rock';

/** The structured data of a page, as it is sent. */
async function structured(page: Page, address: string): Promise<Record<string, unknown>[]> {
    const html = await (await page.request.get(address)).text();
    const scripts = html.matchAll(/<script type="application\/ld\+json"[^>]*>([\s\S]*?)<\/script>/g);
    return [...scripts].map(([, json]) => JSON.parse(json));
}

/** What follows the host: behind a proxy the shop stands at another address than it listens at. */
const path = (address: unknown): string => {
    const { origin, pathname, search } = new URL(String(address));
    expect(origin).toMatch(/^https?:/);
    return pathname + search;
};

const meta = (page: Page, name: string) => page.locator(`head meta[property="${name}"], head meta[name="${name}"]`).getAttribute('content');

test('the vocabulary of schema.org is read, and a word that is not in it is found out', () => {
    const vocabulary = new Vocabulary();
    expect(vocabulary.faults({ '@type': 'Audiobook', name: 'Salt', readBy: { '@type': 'Person', name: 'Ben' } })).toEqual([]);
    expect(vocabulary.faults({ '@type': 'Audiobook', narrator: 'Ben' })).toHaveLength(1);
    expect(vocabulary.faults({ '@type': 'Audiobook', readBy: { '@type': 'Offer' } })).toHaveLength(1);
    expect(vocabulary.faults({ '@type': 'Audiobuch' })).toHaveLength(1);
});

test('search engines read what a page is about in the words of schema.org', async ({ page }) => {
    const vocabulary = new Vocabulary();
    const home = await structured(page, '/');
    expect(home.map((data) => data['@type'])).toEqual(['WebSite']);
    const book = await structured(page, BOOK);
    expect(book.map((data) => data['@type'])).toEqual([['Audiobook', 'Product'], 'BreadcrumbList']);
    expect(path(book[0].url)).toBe(BOOK);
    const author = path((book[0].author as { url: string }[])[0].url);
    const person = await structured(page, author);
    expect(person.map((data) => data['@type'])).toEqual(['Person']);
    for (const data of [...home, ...book, ...person]) expect(vocabulary.faults(data)).toEqual([]);
});

test('a shared link shows the title and a picture of its cover', async ({ page }) => {
    await open(page, BOOK);
    expect(path(await page.locator('head link[rel="canonical"]').getAttribute('href'))).toBe(BOOK);
    expect(path(await meta(page, 'og:url'))).toBe(BOOK);
    expect(await meta(page, 'og:title')).toContain('North Rock');
    const image = path(await meta(page, 'og:image'));
    expect(image).toMatch(/^\/covers\//);
    const picture = await page.request.get(image);
    expect(picture.status()).toBe(200);
    expect(picture.headers()['content-type']).toMatch(/^image\/(png|jpeg)$/);
});

test('a page that many addresses lead to names the one of them', async ({ page }) => {
    for (const [asked, one] of [
        ['/?utm_source=post', '/'],
        ['/browse?page=1', '/browse'],
        [`${BOOK}?from=mail`, BOOK],
    ]) {
        await page.goto(asked);
        expect(path(await page.locator('head link[rel="canonical"]').getAttribute('href'))).toBe(one);
    }
});

test('readers find the feeds and the catalogue by themselves', async ({ page }) => {
    await open(page, '/');
    const feed = await page.locator('head link[type="application/atom+xml"]').getAttribute('href');
    const atom = await (await page.request.get(feed ?? '')).text();
    expect(atom).toContain('<feed xmlns="http://www.w3.org/2005/Atom"');
    expect(atom).toContain('North Rock');
    const catalogue = await page.locator('head link[type="application/opds+json"]').getAttribute('href');
    const opds = await (await page.request.get(catalogue ?? '')).json();
    expect(opds.groups[0].publications.length).toBeGreaterThan(3);
    // What an app follows leads somewhere.
    for (const link of opds.navigation) expect((await page.request.get(path(link.href))).status()).toBe(200);
    const sitemap = await (await page.request.get('/sitemap.xml')).text();
    for (const [, address] of sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)) {
        const part = await (await page.request.get(path(address))).text();
        const [, first] = /<loc>([^<]+)<\/loc>/.exec(part) ?? [];
        expect((await page.request.get(path(first))).status(), first).toBe(200);
    }
});
