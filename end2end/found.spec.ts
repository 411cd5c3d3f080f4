import type { Page } from '@playwright/test';
import { expect, open, test } from './support/journey';
import { Vocabulary } from './support/schema-org';

const BOOK = '/books/the-bell-at-north-rock';

/** The structured data of a page, as it is sent. */
async function structured(page: Page, path: string): Promise<Record<string, unknown>[]> {
    const html = await (await page.request.get(path)).text();
    const scripts = html.matchAll(/<script type="application\/ld\+json"[^>]*>([\s\S]*?)<\/script>/g);
    return [...scripts].map(([, json]) => JSON.parse(json));
}

const meta = (page: Page, name: string) => page.locator(`head meta[property="${name}"], head meta[name="${name}"]`).getAttribute('content');

test('the vocabulary of schema.org is read, and a word that is not in it is found out', () => {
    const vocabulary = new Vocabulary();
    expect(vocabulary.faults({ '@type': 'Audiobook', name: 'Salt', readBy: { '@type': 'Person', name: 'Ben' } })).toEqual([]);
    expect(vocabulary.faults({ '@type': 'Audiobook', narrator: 'Ben' })).toHaveLength(1);
    expect(vocabulary.faults({ '@type': 'Audiobook', readBy: { '@type': 'Offer' } })).toHaveLength(1);
    expect(vocabulary.faults({ '@type': 'Audiobuch' })).toHaveLength(1);
});

test('search engines read what a page is about in the words of schema.org', async ({ page, shop }) => {
    const vocabulary = new Vocabulary();
    const home = await structured(page, '/');
    expect(home.map((data) => data['@type'])).toEqual(['WebSite']);
    const book = await structured(page, BOOK);
    expect(book.map((data) => data['@type'])).toEqual([['Audiobook', 'Product'], 'BreadcrumbList']);
    expect(book[0].url).toBe(`${shop.address}${BOOK}`);
    const author = new URL(((book[0].author as { url: string }[])[0]).url).pathname;
    const person = await structured(page, author);
    expect(person.map((data) => data['@type'])).toEqual(['Person']);
    for (const data of [...home, ...book, ...person]) expect(vocabulary.faults(data)).toEqual([]);
});

test('a shared link shows the title and a picture of its cover', async ({ page, shop }) => {
    await open(page, BOOK);
    expect(await page.locator('head link[rel="canonical"]').getAttribute('href')).toBe(`${shop.address}${BOOK}`);
    expect(await meta(page, 'og:url')).toBe(`${shop.address}${BOOK}`);
    expect(await meta(page, 'og:title')).toContain('North Rock');
    const image = (await meta(page, 'og:image')) ?? '';
    expect(image).toMatch(new RegExp(`^${shop.address}/covers/`));
    const picture = await page.request.get(image);
    expect(picture.status()).toBe(200);
    expect(picture.headers()['content-type']).toMatch(/^image\/(png|jpeg)$/);
});

test('a page that many addresses lead to names the one of them', async ({ page, shop }) => {
    for (const [path, one] of [
        ['/?utm_source=post', '/'],
        ['/browse?page=1', '/browse'],
        [`${BOOK}?from=mail`, BOOK],
    ]) {
        await page.goto(path);
        await expect(page.locator('head link[rel="canonical"]')).toHaveAttribute('href', `${shop.address}${one}`);
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
    for (const link of opds.navigation) expect((await page.request.get(link.href)).status()).toBe(200);
    const sitemap = await (await page.request.get('/sitemap.xml')).text();
    for (const [, address] of sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)) {
        const part = await (await page.request.get(address)).text();
        const [, first] = /<loc>([^<]+)<\/loc>/.exec(part) ?? [];
        expect((await page.request.get(first)).status(), first).toBe(200);
    }
});
