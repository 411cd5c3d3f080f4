import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';
const NAME = 'The Bell at North Rock';
const AN_AMOUNT = /[1-9]\d*\.\d\d/;
const DAY_MS = 24 * 60 * 60 * 1000;

// The pages are looked at four times each.
test.describe.configure({ timeout: 360_000 });

/** Hears four seconds of the title on each of two days in a row, as its player would tell the shop. */
async function hearYesterdayAndToday(page: Page): Promise<void> {
    const product = await page.request.get(`/api/catalog/product?slug=${TITLE}`);
    const audiobook_id = (await product.json()).detail.summary.id;
    const now = Date.now();
    for (const day of [now - DAY_MS, now]) {
        for (const position_ms of [0, 4_000]) {
            const position = { position_ms, taken_at: day - 4_000 + position_ms, speed_percent: 100, finished: false };
            const told = await page.request.post('/api/library/save-position', { data: { audiobook_id, position } });
            expect(told.status(), await told.text()).toBe(200);
        }
    }
}

test('what was bought is seen by its buyer, by the admin and in the discoveries', async ({ page, browser, shop, overhear }) => {
    await test.step('a buyer sees what they bought and what it came to', async () => {
        await register(page);
        await buy(page, TITLE);
        await open(page, '/account/purchases');
        await expect(page.getByRole('heading', { level: 1, name: 'Purchases' })).toBeVisible();
        await expect(page.locator('main').getByRole('link', { name: NAME })).toBeVisible();
        await expect(page.locator('main').getByText('$12.99').first()).toBeVisible();
        await expect(page.getByTestId('streak')).toHaveCount(0);
        await inspect(page, 'purchases');
    });

    await test.step('and on how many days in a row they listened', async () => {
        await hearYesterdayAndToday(page);
        await open(page, '/account/purchases');
        await expect(page.getByTestId('streak')).toHaveText('You have listened on 2 days in a row, counted in UTC.');
        await inspect(page, 'purchases with days in a row');
    });

    await test.step('everybody sees that it sells', async () => {
        await open(page, '/discover');
        const best = page.getByRole('region', { name: 'Best-sellers of the week' });
        await expect(best.getByRole('link', { name: NAME })).toBeVisible();
        await inspect(page, 'discoveries');
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const admin = await elsewhere.newPage();
    await test.step('the admin sees the day, as a chart and as a table, and takes it along', async () => {
        await logInAsAdmin(admin);
        await open(admin, '/admin/figures');
        await expect(admin.getByRole('heading', { level: 1, name: 'What sells' })).toBeVisible();
        await expect(admin.locator('main').getByRole('link', { name: NAME }).first()).toBeVisible();
        await admin.getByText('As a table').first().click();
        // Today is the last day; others may have bought as well.
        await expect(admin.getByRole('table').first().locator('tbody tr').last()).toContainText(AN_AMOUNT);
        await inspect(admin, 'what sells');
        const days = await admin.request.get('/admin/figures.csv');
        expect(days.headers()['content-type']).toContain('text/csv');
        expect(await days.text()).toMatch(AN_AMOUNT);
    });
    await test.step('and from a title goes to its form, its price, a sale of it and its text', async () => {
        const titles = admin.getByTestId('figures-titles');
        await titles.getByRole('link', { name: NAME, exact: true }).click();
        await expect(admin).toHaveURL(/\/admin\/titles\/[^/]+#edit$/);
        await open(admin, '/admin/figures?order=views');
        await titles.getByRole('link', { name: `Price of ${NAME}`, exact: true }).click();
        await expect(admin).toHaveURL(/\/admin\/titles\/[^/]+#price$/);
        await expect(admin.locator('#price')).toHaveValue('12.99');
        await open(admin, '/admin/figures');
        await titles.getByRole('link', { name: `Sale of ${NAME}`, exact: true }).click();
        await expect(admin.getByRole('heading', { name: 'New sale' })).toBeVisible();
        await expect(admin.getByLabel('Or these titles')).toHaveValue(TITLE);
        await open(admin, '/admin/figures');
        await titles.getByRole('link', { name: `Text of ${NAME}`, exact: true }).click();
        await expect(admin).toHaveURL(/\/admin\/titles\/[^/]+\/text\?show=all/);
        await expect(admin.getByRole('heading', { level: 1 })).toContainText(NAME);
    });

    await test.step('orders are found by day, provider and amount', async () => {
        await open(admin, '/admin/orders');
        const today = new Date().toISOString().slice(0, 10);
        await admin.getByLabel('From day').fill(today);
        await admin.getByLabel('Paid through').selectOption('simulated');
        await admin.getByLabel('Total from').fill('12.99');
        await admin.getByLabel('Total to').fill('13');
        await admin.getByRole('button', { name: 'Show', exact: true }).click();
        await expect(admin).toHaveURL(/[?&]least=12\.99/);
        await expect(admin.getByTestId('orders').getByText(NAME).first()).toBeVisible();
        await expect(admin.getByLabel('Paid through')).toHaveValue('simulated');
        await inspect(admin, 'orders that were looked for');
        await admin.getByLabel('Total from').fill('12.995');
        await admin.getByRole('button', { name: 'Show', exact: true }).click();
        await expect(admin.getByRole('heading', { name: 'No order found' })).toBeVisible();
    });
    await elsewhere.close();
});
