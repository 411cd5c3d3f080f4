import { expect, test } from './support/journey';
import { somebody } from './support/shopper';

const DOCS = '/api/v1/docs';

test('somebody reads what the API is, logs in on its page and asks with the token', async ({ page, shop }) => {
    const elsewhere: string[] = [];
    page.on('request', (request) => {
        if (!request.url().startsWith(shop.address) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    const person = somebody();

    await test.step('the operations are there', async () => {
        await page.goto(DOCS);
        await page.locator('#operations-tag-account').click();
        await expect(page.locator('#operations-account-me')).toBeVisible();
        await expect(page.locator('#plain'), 'the plain list has given way').toBeHidden();
    });

    await test.step('an account is opened', async () => {
        await page.locator('#operations-tag-auth').click();
        const register = page.locator('#operations-auth-register');
        await register.locator('.opblock-summary-control').click();
        await register.locator('textarea').fill(JSON.stringify(person));
        await register.getByRole('button', { name: 'Execute' }).click();
        await expect(register.locator('.live-responses-table .response .response-col_status')).toHaveText(/^201/);
    });

    await test.step('the token goes along with what is asked next', async () => {
        const me = page.locator('#operations-account-me');
        await me.locator('.opblock-summary-control').click();
        await me.getByRole('button', { name: 'Execute' }).click();
        await expect(me.locator('.live-responses-table .response .response-col_status')).toHaveText(/^200/);
        await expect(me.locator('.live-responses-table')).toContainText(person.email);
    });
    expect(elsewhere, 'no other host is asked').toEqual([]);
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the same page says everything, and so does the plain one', async ({ page }) => {
        for (const address of [DOCS, `${DOCS}/plain`]) {
            await page.goto(address);
            await expect(page.locator('#login')).toBeVisible();
            await expect(page.locator('#login')).toContainText('POST /api/v1/auth/login');
        }
    });
});
