import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ADMIN } from './support/server';
import { logInAsAdmin } from './support/shopper';

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'nothing was chosen': refused('422', '/api/admin/change-titles'),
        'a time that has passed': refused('422', '/api/admin/schedule'),
    },
});
test.describe.configure({ timeout: 480_000 });

const BELL = 'The Bell at North Rock';

/** The row of a title in the list. */
function row(page: Page, title: string) {
    return page.getByTestId('titles').getByRole('listitem').filter({ has: page.getByRole('link', { name: title, exact: true }) });
}

/** Makes a draft with nothing but a name, and ends on its page. */
async function begin(page: Page, title: string): Promise<void> {
    await open(page, '/admin/titles');
    await page.locator('#new').getByLabel('Title').fill(title);
    await page.getByTestId('create-title').click();
    await page.waitForURL(/\/admin\/titles\/[0-9a-f-]{36}$/);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await settled(page);
}

/** What became of a change, once it is done. */
async function expectChanged(page: Page, figures: { changed: string; refused: string }): Promise<void> {
    await page.waitForURL(/\/admin\/bulk\/[0-9a-f-]{36}$/);
    await expect(page.getByTestId('bulk-said')).toContainText('Done with', { timeout: 30_000 });
    const figure = (words: string) => page.getByTestId('bulk-figures').locator('div').filter({ hasText: words }).locator('dd');
    await expect(figure('Changed')).toHaveText(figures.changed);
    await expect(figure('Refused')).toHaveText(figures.refused);
    await settled(page);
}

test('an admin keeps the titles of a shop', async ({ page, shop, browser, overhear }) => {
    const guests = await browser.newContext({ baseURL: shop.address });
    overhear(guests);
    const visitor = await guests.newPage();
    await logInAsAdmin(page);

    await test.step('the list is searched, filtered and put in order, and its address says so', async () => {
        await open(page, '/admin/titles');
        await page.locator('#find-title').fill('north rock');
        await page.locator('#sort').selectOption('title');
        await page.getByRole('button', { name: 'Show', exact: true }).click();
        await page.waitForURL((url) => url.searchParams.get('q') === 'north rock' && url.searchParams.get('sort') === 'title');
        await expect(row(page, BELL)).toBeVisible();
        await expect(page.getByTestId('titles').getByRole('listitem')).toHaveCount(1);
        await page.getByRole('link', { name: /^Drafts/ }).click();
        await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
        await page.getByRole('link', { name: 'Clear the filters' }).first().click();
        await expect(page.locator('#find-title')).toHaveValue('');
        await settled(page);
    });

    await test.step('the list has no barrier', async () => {
        await open(page, '/admin/titles');
        await inspect(page, 'the list of titles');
    });

    await test.step('a draft is seen as a shopper will see it, by admins alone', async () => {
        await open(page, '/admin/titles?q=north+rock');
        await row(page, BELL).getByRole('link', { name: BELL, exact: true }).click();
        await expect(page.getByRole('heading', { level: 1, name: BELL })).toBeVisible();
        await settled(page);
        await page.getByTestId('unpublish').click();
        await expect(page.getByTestId('title-status')).toContainText('Draft');
        await page.getByRole('link', { name: 'See it as a shopper' }).click();
        await expect(page.getByTestId('preview-bar')).toContainText('Preview: only admins see this');
        await expect(page.getByRole('button', { name: 'Add to cart' })).toBeDisabled();
        await settled(page);
        await inspect(page, 'the preview of a page');
        await page.getByTestId('preview-bar').getByRole('link', { name: 'In a list' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'In a list' })).toBeVisible();
        await expect(page.getByRole('main').getByRole('article')).toContainText(BELL);
        await settled(page);
    });

    await test.step('many are published, and the one that lacks something says what', async () => {
        await begin(page, 'Nothing but a name');
        await open(page, '/admin/titles?status=draft');
        await row(page, BELL).getByRole('checkbox').check();
        await row(page, 'Nothing but a name').getByRole('checkbox').check();
        await page.getByTestId('bulk-publish').click();
        await expectChanged(page, { changed: '1', refused: '1' });
        await expect(page.getByTestId('bulk-refusals')).toContainText('Before it can be published it needs a price');
        await inspect(page, 'what became of a change');
        await page.getByTestId('bulk-refusals').getByRole('link', { name: 'Nothing but a name' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Nothing but a name' })).toBeVisible();
        await settled(page);
    });

    await test.step('a change of nothing is refused, and the prices of all that fit are moved', async () => {
        await open(page, '/admin/titles?q=north+rock');
        await page.getByTestId('bulk-publish').click();
        await expect(page.getByText('Choose some titles first.')).toBeVisible();
        const before = Number(/\$([\d.]+)/.exec(await row(page, BELL).innerText())?.[1]);
        await open(page, '/admin/titles?q=north+rock');
        await page.getByLabel('All 1 that fit').check();
        await page.getByLabel('Percent more, or less with a minus').fill('100');
        await page.getByTestId('bulk-percent').click();
        await expectChanged(page, { changed: '1', refused: '0' });
        await open(page, '/admin/titles?q=north+rock');
        await expect(row(page, BELL)).toContainText(`$${(before * 2).toFixed(2)}`);
    });

    await test.step('a title is duplicated: its words, and not its audio', async () => {
        await row(page, BELL).getByRole('link', { name: BELL, exact: true }).click();
        await expect(page.getByRole('heading', { level: 1, name: BELL })).toBeVisible();
        await settled(page);
        const original = page.url();
        await page.getByTestId('duplicate').click();
        await page.waitForURL((url) => url.href !== original && /\/admin\/titles\/[0-9a-f-]{36}$/.test(url.pathname));
        await expect(page.getByRole('heading', { level: 1, name: `${BELL} (copy)` })).toBeVisible();
        await expect(page.getByTestId('missing')).toContainText('audio');
        await settled(page);
    });

    await test.step('the copy is deleted, after it was said what goes', async () => {
        await page.getByRole('link', { name: 'Delete this draft' }).click();
        await expect(page.getByRole('heading', { level: 1, name: `Delete “${BELL} (copy)”?` })).toBeVisible();
        await expect(page.getByTestId('goes')).toContainText('its description, price, people and categories');
        await settled(page);
        await inspect(page, 'the deletion of a draft');
        await page.getByTestId('delete-draft').click();
        await page.waitForURL((url) => url.pathname === '/admin/titles' && url.searchParams.has('deleted'));
        await expect(page.getByText('The draft is deleted.')).toBeVisible();
        await expect(row(page, `${BELL} (copy)`)).toHaveCount(0);
        await expect(row(page, BELL)).toHaveCount(1);
    });

    await test.step('a title goes on sale at its time', async () => {
        await open(page, '/admin/titles?q=north+rock');
        await row(page, BELL).getByRole('link', { name: BELL, exact: true }).click();
        await expect(page.getByRole('heading', { level: 1, name: BELL })).toBeVisible();
        await settled(page);
        const desk = page.url();
        await page.getByTestId('unpublish').click();
        await expect(page.getByTestId('title-status')).toContainText('Draft');
        await settled(page);

        await page.locator('#publish_at').fill('2020-01-01T00:00');
        await page.getByTestId('schedule').click();
        await expect(page.locator('#publish_at-error')).toContainText('still to come');

        // The first full minute that is at least twenty seconds away.
        const due = new Date(Math.ceil((Date.now() + 20_000) / 60_000) * 60_000);
        await page.locator('#publish_at').fill(due.toISOString().slice(0, 16));
        await page.getByTestId('schedule').click();
        await expect(page.getByTestId('publish-at')).toContainText('On sale from');
        const early = await visitor.request.get('/books/the-bell-at-north-rock');
        expect(early.status(), 'nobody sees it before').toBe(404);

        await open(page, '/admin/titles?status=scheduled');
        await expect(row(page, BELL).getByTestId('due')).toContainText('On sale from');
        await expect
            .poll(async () => (await visitor.request.get('/books/the-bell-at-north-rock')).status(), { timeout: 240_000, intervals: [2_000] })
            .toBe(200);
        expect(Date.now(), 'and not before its time').toBeGreaterThanOrEqual(due.getTime() - 1_000);
        await open(page, desk);
        await expect(page.getByTestId('title-status')).toContainText('Published');
        await expect(page.getByTestId('publish-at')).toHaveCount(0);
    });
    await guests.close();
});

test('the list and its changes do without JavaScript', async ({ shop, browser }) => {
    const context = await browser.newContext({ baseURL: shop.address, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto('/login');
    await page.getByLabel('Email address').fill(ADMIN.email);
    await page.locator('#password').fill(ADMIN.password);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
    await page.goto('/admin/titles');
    await page.locator('#find-title').fill('year of the owl');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page.getByTestId('titles').getByRole('listitem')).toHaveCount(1);
    await page.getByLabel('All 1 on this page').check();
    await page.getByTestId('bulk-publish').click();
    await page.waitForURL(/\/admin\/bulk\/[0-9a-f-]{36}$/);
    await expect(page.getByTestId('bulk-said')).toContainText('Done with 1 title');
    await context.close();
});
