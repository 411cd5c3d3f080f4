import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ADMIN } from './support/server';
import { ACCEPTED, agree, choose, fillRegistration, logInAsAdmin, register } from './support/shopper';

const PAGES = ['Terms', 'Privacy', 'Contact', 'Withdrawal', 'Cookies'];
const TITLE = 'the-year-of-the-owl';

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'a checkout without the tick': refused('422', '/api/orders/checkout'),
        'a seller who is nowhere': refused('422', '/api/admin/save-seller'),
    },
});

// Every page is looked at four times.
test.describe.configure({ timeout: 240_000 });

test('the pages that the law asks for are at the foot of every page and have no barrier', async ({ page }) => {
    await open(page, '/');
    const foot = page.getByRole('navigation', { name: 'Legal' });
    for (const name of PAGES) {
        await foot.getByRole('link', { name, exact: true }).click();
        await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
        await expect(page).toHaveTitle(new RegExp(`^${name} · `));
        await inspect(page, name);
    }
    await expect(page.getByTestId('legal')).toContainText('None of them follows you');
    await expect(page.getByTestId('legal-missing')).toHaveCount(0);
    expect(await page.context().cookies(), 'whoever only reads gets no cookie').toEqual([]);
});

test('the admin says who sells and writes terms, and a shopper reads them', async ({ page, browser, shop, overhear }) => {
    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const reader = await elsewhere.newPage();
    await logInAsAdmin(page);

    await test.step('what is missing is told to the admin alone', async () => {
        await open(page, '/contact');
        await expect(page.getByTestId('legal-missing')).toContainText('the name of the seller');
        await page.getByRole('link', { name: 'Say who sells' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Legal' })).toBeVisible();
        await settled(page);
        await inspect(page, 'who sells');
    });

    await test.step('an address that is refused loses nothing that was typed', async () => {
        await page.getByLabel('Name of the seller').fill('Moss & Daughters');
        await page.getByLabel('Phone').fill('+49 40 1234');
        await page.getByLabel('Postal address').fill(' \n ');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.locator('#address-error')).toContainText('Write the postal address');
        await expect(page.getByLabel('Name of the seller')).toHaveValue('Moss & Daughters');
        await expect(page.getByLabel('Phone')).toHaveValue('+49 40 1234');
        await page.getByLabel('Postal address').fill('Quay 1\n20457 Harbour');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.getByText('Saved.')).toBeVisible();
    });

    await test.step('own words stand after those of the shop', async () => {
        await page.getByRole('link', { name: 'Change the words of Terms' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Terms: your own words' })).toBeVisible();
        await settled(page);
        await page.getByLabel('Your own words').fill('# Our choir\nWe <b>sing</b> on Sundays.');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.getByText('Saved.')).toBeVisible();
        await inspect(page, 'own words');
    });

    await test.step('a shopper reads both', async () => {
        await open(reader, '/contact');
        await expect(reader.getByTestId('legal')).toContainText('Moss & Daughters');
        await expect(reader.getByTestId('legal')).toContainText('20457 Harbour');
        await open(reader, '/terms');
        await expect(reader.getByRole('heading', { name: 'Whom you buy from' })).toBeVisible();
        await expect(reader.getByRole('heading', { name: 'Our choir' })).toBeVisible();
        await expect(reader.getByText('We <b>sing</b> on Sundays.')).toBeVisible();
    });

    await test.step('or the owner’s alone', async () => {
        await page.getByLabel('Where they stand').selectOption('Instead of them');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(async () => {
            await open(reader, '/terms');
            await expect(reader.getByRole('heading', { name: 'Whom you buy from' })).toHaveCount(0, { timeout: 1_000 });
        }).toPass({ timeout: 10_000 });
        await expect(reader.getByRole('heading', { name: 'Our choir' })).toBeVisible();
    });
    await elsewhere.close();
});

test('nothing is sold without the tick, and what was agreed to is kept', async ({ page, browser, shop, overhear }) => {
    await register(page);
    await choose(page, TITLE);
    await open(page, '/checkout');
    const box = page.getByRole('checkbox', { name: /I lose my right of withdrawal/ });
    const pay = page.getByRole('button', { name: /^Pay / });

    await test.step('the browser asks for it, and so does the shop', async () => {
        await page.getByLabel('Card number').fill(ACCEPTED);
        await pay.click();
        await expect(page, 'the browser sends nothing').toHaveURL(/\/checkout$/);
        await box.evaluate((input: HTMLInputElement) => (input.required = false));
        await pay.click();
        await expect(page.locator('#withdrawal-error')).toContainText('Tick this box');
        await expect(box).toHaveAttribute('aria-invalid', 'true');
        await expect(page.getByLabel('Card number'), 'the card is still there').toHaveValue(ACCEPTED);
        await settled(page);
        await inspect(page, 'a checkout without the tick');
    });

    await test.step('with the tick it is paid, and the order says what was agreed to', async () => {
        await agree(page);
        await page.getByLabel('Card number').fill(ACCEPTED);
        await pay.click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(page.getByTestId('withdrawal')).toContainText('I lose my right of withdrawal');
        await settled(page);
        await inspect(page, 'a receipt with what was agreed to');
    });
    const number = new URL(page.url()).pathname.split('/').pop() ?? '';

    await test.step('it leads to how one withdraws', async () => {
        await page.getByRole('link', { name: 'How to withdraw before the first play' }).click();
        await expect(page.getByRole('heading', { name: 'Model withdrawal form' })).toBeVisible();
    });

    await test.step('the admin sees it too, and the mail has the sentence', async () => {
        const office = await browser.newContext({ baseURL: shop.address });
        overhear(office);
        const admin = await office.newPage();
        await logInAsAdmin(admin);
        await open(admin, `/admin/orders/${number}`);
        await expect(admin.getByTestId('withdrawal')).toContainText('the buyer agreed');
        await expect(async () => {
            await admin.goto('/admin/mail');
            await expect(admin.getByRole('link', { name: 'Your receipt' }).first()).toBeVisible({ timeout: 1_000 });
        }).toPass({ timeout: 30_000 });
        await admin.getByRole('link', { name: 'Your receipt' }).first().click();
        await expect(admin.frameLocator('iframe').getByText('I lose my right of withdrawal')).toBeVisible();
        await office.close();
    });
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the pages are read, the tick is asked for and the owner’s words are saved', async ({ page, browser, shop }) => {
        await page.goto('/');
        await page.getByRole('navigation', { name: 'Legal' }).getByRole('link', { name: 'Withdrawal' }).click();
        await expect(page.getByRole('heading', { name: 'Model withdrawal form' })).toBeVisible();

        await page.goto('/register');
        await fillRegistration(page);
        await page.goto(`/books/${TITLE}`);
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await page.goto('/checkout');
        await page.getByLabel('Card number').fill(ACCEPTED);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page, 'the browser sends nothing').toHaveURL(/\/checkout$/);
        await expect(page.getByLabel('Card number')).toHaveValue(ACCEPTED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(page.getByTestId('withdrawal')).toContainText('I lose my right of withdrawal');

        const office = await browser.newContext({ baseURL: shop.address, javaScriptEnabled: false });
        const admin = await office.newPage();
        await admin.goto('/login?next=/admin/legal/contact');
        await admin.getByLabel('Email address').fill(ADMIN.email);
        await admin.locator('#password').fill(ADMIN.password);
        await admin.locator('main').getByRole('button', { name: 'Log in' }).click();
        await admin.waitForURL((url) => url.pathname === '/admin/legal/contact');
        await admin.getByLabel('Your own words').fill('# Opening hours\nNone: we are always here.');
        await admin.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(admin.getByText('Saved.')).toBeVisible();
        await page.goto('/contact');
        await expect(page.getByRole('heading', { name: 'Opening hours' })).toBeVisible();
        await office.close();
    });
});
