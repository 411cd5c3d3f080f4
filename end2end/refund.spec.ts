import { inspect } from './support/barriers';
import { expect, open, test } from './support/journey';
import { ACCEPTED, agree, choose, logInAsAdmin, register, somebody } from './support/shopper';

// Its pages are looked at four times each.
test.describe.configure({ timeout: 240_000 });

test('an admin pays one title of an order back, and the buyer sees it', async ({ page, browser, shop, overhear }) => {
    const person = somebody();
    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    await register(buyer, person);
    await choose(buyer, 'the-year-of-the-owl');
    await choose(buyer, 'the-bell-at-north-rock');
    await open(buyer, '/checkout');
    await buyer.getByLabel('Card number').fill(ACCEPTED);
    await agree(buyer);
    await buyer.getByRole('button', { name: /^Pay / }).click();
    await expect(buyer.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    const number = new URL(buyer.url()).pathname.split('/').pop() ?? '';

    await test.step('the order is found by the address of its buyer', async () => {
        await logInAsAdmin(page);
        await open(page, `/admin/orders?q=${encodeURIComponent(person.email)}`);
        await page.getByTestId('orders').getByRole('link', { name: number }).click();
        await expect(page.getByRole('heading', { level: 1, name: `Order ${number}` })).toBeVisible();
        await expect(page.getByTestId('order-status')).toHaveText('Complete');
        await expect(page.getByTestId('order-events')).toContainText('Checkout: the answer of simulated');
        await inspect(page, 'an order at the desk');
    });

    await test.step('one line is paid back, for a reason', async () => {
        await page.getByRole('checkbox', { name: /The Bell at North Rock/ }).check();
        await page.getByLabel('Reason').fill('Bought by mistake.');
        await page.getByTestId('refund').click();
        await expect(page.getByText('It is on its way: once')).toBeVisible();
        await expect(async () => {
            await open(page, `/admin/orders/${number}`);
            await expect(page.getByTestId('order-status')).toHaveText('Partly paid back', { timeout: 1_000 });
        }, 'the job has asked the bank').toPass({ timeout: 30_000 });
        await expect(page.getByRole('checkbox', { name: /The Bell at North Rock/ })).toHaveCount(0);
        await expect(page.getByTestId('order-events')).toContainText('Bought by mistake.');
        await inspect(page, 'an order that was paid back in part');
    });

    await test.step('the title is out of the library, the other one stays', async () => {
        await open(buyer, '/library');
        await expect(buyer.getByRole('link', { name: /The Year of the Owl/ }).first()).toBeVisible();
        await expect(buyer.getByRole('link', { name: /The Bell at North Rock/ })).toHaveCount(0);
    });

    await test.step('the buyer sees what came back', async () => {
        await open(buyer, `/orders/${number}`);
        await expect(buyer.getByRole('heading', { name: 'Partly paid back' })).toBeVisible();
        await expect(buyer.getByTestId('paid-back')).toBeVisible();
        await inspect(buyer, 'a receipt of what was paid back in part');
        await open(buyer, '/account/purchases');
        await expect(buyer.getByTestId('purchases')).toContainText('paid back on');
    });
    await elsewhere.close();
});
