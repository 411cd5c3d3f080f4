import { expect, open, test } from './support/journey';
import { logInAsAdmin, register, somebody } from './support/shopper';

test('in development an admin reads the mails that the shop would send', async ({ page, browser, shop, overhear }) => {
    const person = somebody();
    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const shopper = await elsewhere.newPage();
    await register(shopper, person);
    expect((await shopper.request.get('/admin/mail')).status()).toBe(403);

    await logInAsAdmin(page);
    await expect(async () => {
        await page.goto('/admin/mail');
        await expect(page.getByText(`to ${person.email}`)).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await page.getByRole('link', { name: 'Confirm your address' }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Confirm your address' })).toBeVisible();
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('link', { name: 'Confirm the address' })).toBeVisible();
    const link = (await page.locator('pre a').first().getAttribute('href')) ?? '';
    expect(link).toContain('/verify-email?token=');

    await open(shopper, link);
    await shopper.getByRole('button', { name: 'Confirm the address' }).click();
    await expect(shopper.getByText('Your address is confirmed')).toBeVisible();
    await elsewhere.close();
});
