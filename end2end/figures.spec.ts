import { inspect } from './support/barriers';
import { expect, open, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';
const NAME = 'The Bell at North Rock';
const AN_AMOUNT = /[1-9]\d*\.\d\d/;

test('what was bought is seen by its buyer, by the admin and in the discoveries', async ({ page, browser, shop, overhear }) => {
    await test.step('a buyer sees what they bought and what it came to', async () => {
        await register(page);
        await buy(page, TITLE);
        await open(page, '/account/purchases');
        await expect(page.getByRole('heading', { level: 1, name: 'Purchases' })).toBeVisible();
        await expect(page.locator('main').getByRole('link', { name: NAME })).toBeVisible();
        await expect(page.locator('main').getByText('$12.99').first()).toBeVisible();
        await inspect(page, 'purchases');
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
    await test.step('and from a title goes to its form', async () => {
        await admin.locator('main').getByRole('link', { name: NAME }).first().click();
        await expect(admin).toHaveURL(/\/(admin\/titles|books)\//);
    });
    await elsewhere.close();
});
