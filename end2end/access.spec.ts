import { type APIRequestContext, type Page, request } from '@playwright/test';
import { expect, open, test } from './support/journey';
import { buy, register } from './support/shopper';

const TITLE = 'bread-before-the-sun';
const NO_TITLE = '00000000-0000-7000-8000-000000000000';

/** Where the sound of a title is, as its buyer's page says. */
async function soundOf(page: Page): Promise<string> {
    await open(page, `/library/${TITLE}`);
    const link = page.locator('a[href*="/download/"]').first();
    const id = /\/download\/([0-9a-f-]{36})\//.exec((await link.getAttribute('href')) ?? '')?.[1];
    expect(id, 'the id of the title').toBeTruthy();
    return `/listen/${id}/parts/0`;
}

/** Asks for what only admins may do; every answer has to say so. */
async function expectRefusals(asking: APIRequestContext, words: RegExp): Promise<void> {
    const orders: [string, Record<string, string>][] = [
        ['/api/admin/create-draft', { title: 'A title from nowhere' }],
        ['/api/admin/publish', { id: NO_TITLE }],
        ['/api/admin/archive', { id: NO_TITLE }],
        ['/api/production/resume', { id: NO_TITLE }],
    ];
    for (const [path, form] of orders) {
        const answer = await asking.post(path, { form, headers: { accept: 'application/json' }, maxRedirects: 0 });
        expect(answer.ok(), `${path} answered ${answer.status()}`).toBe(false);
        expect(await answer.text(), path).toMatch(words);
    }
    for (const path of ['/api/admin/dashboard', '/api/admin/titles', '/api/production/workers']) {
        const answer = await asking.get(path);
        expect(answer.ok(), `${path} answered ${answer.status()}`).toBe(false);
        expect(await answer.text(), path).toMatch(words);
    }
}

test('what is an admin’s is refused to everybody else', async ({ page, shop }) => {
    const guest = await request.newContext({ baseURL: shop.address });
    await expectRefusals(guest, /Unauthenticated/);
    await guest.dispose();

    await register(page);
    await expectRefusals(page.request, /Forbidden/);
    for (const path of ['/admin', '/admin/titles', '/admin/models']) {
        const answer = await page.request.get(path);
        expect(answer.ok(), `${path} answered ${answer.status()}`).toBe(false);
        expect(await answer.text(), path).toContain('Not for this account');
    }
});

test('a book is heard by its buyer and by nobody else', async ({ page, browser, shop, overhear }) => {
    await register(page);
    await buy(page, TITLE);
    const sound = await soundOf(page);
    const heard = await page.request.get(sound, { headers: { range: 'bytes=0-99' } });
    expect(heard.status()).toBe(206);
    expect((await heard.body()).length).toBe(100);

    const guest = await request.newContext({ baseURL: shop.address });
    expect([401, 403]).toContain((await guest.get(sound)).status());
    await guest.dispose();

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const other = await elsewhere.newPage();
    await register(other);
    expect([403, 404]).toContain((await other.request.get(sound)).status());
    expect([403, 404]).toContain((await other.request.get(sound.replace('/listen/', '/download/'))).status());
    await elsewhere.close();
});
