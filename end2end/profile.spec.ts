import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, refused, settled } from './support/journey';
import { test } from './support/with-mail';
import { buy, fillRegistration, register, somebody } from './support/shopper';

const NEW = 'eight green bottles';
const BOOK = { slug: 'the-year-of-the-owl', title: 'The Year of the Owl' };

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'what is typed wrong': refused('422', '/api/account/(rename|change-password|delete|login)'),
    },
});

// Some pages are looked at four times.
test.describe.configure({ timeout: 240_000 });

async function logIn(page: Page, email: string, password: string): Promise<void> {
    await open(page, '/login');
    await page.getByLabel('Email address').fill(email);
    await page.locator('#password').fill(password);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
}

async function logInThere(page: Page, email: string, password: string): Promise<void> {
    await logIn(page, email, password);
    await page.waitForURL((url) => url.pathname !== '/login');
    await settled(page);
}

async function expectLoggedOut(page: Page): Promise<void> {
    await open(page, '/account');
    await expect(page).toHaveURL(/\/login\?next=%2Faccount$/);
}

async function changePassword(page: Page, current: string, next: string): Promise<void> {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByRole('button', { name: 'Change the password' }).click();
}

async function deleteAccount(page: Page, address: string): Promise<void> {
    await page.getByLabel('Your email address').fill(address);
    await page.getByRole('button', { name: 'Delete the account for good' }).click();
}

test('a listener changes what the account says, ends log-ins, and leaves', async ({ page, browser, overhear, shop, mailbox }) => {
    const person = somebody();
    await register(page, person);
    await buy(page, BOOK.slug);
    await open(page, '/account');
    await inspect(page, 'account');

    const name = `${person.name}-the-second`;
    await test.step('the name changes, on every page', async () => {
        await page.locator('#name').fill('   ');
        await page.getByRole('button', { name: 'Change the name' }).click();
        await expect(page.locator('#name-error')).toContainText('Write your name');
        await page.locator('#name').fill(name);
        await page.getByRole('button', { name: 'Change the name' }).click();
        await expect(page.getByText('Your name is changed.')).toBeVisible();
        await expect(page.locator('header summary').filter({ visible: true })).toContainText(name);
    });

    await test.step('dates are written as the reader writes them', async () => {
        const sessions = page.getByTestId('sessions');
        await expect(sessions).toContainText(/\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC/);
        await page.getByLabel('Language', { exact: true }).selectOption('en-US');
        await page.getByRole('button', { name: 'Keep the choice' }).click();
        await expect(page.getByText('Your choice is kept.')).toBeVisible();
        await expect(sessions).toContainText(/[A-Z][a-z]+ \d{1,2}, \d{4}, \d{1,2}:\d\d [AP]M UTC/);
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const other = await elsewhere.newPage();
    await logInThere(other, person.email, person.password);

    await test.step('the password changes with the old one, and only this browser stays', async () => {
        await changePassword(page, 'not the password', NEW);
        await expect(page.locator('#current_password-error')).toContainText('not your password');
        await changePassword(page, person.password, 'password1234');
        await expect(page.locator('#new_password-error')).toContainText('easy to guess');
        await changePassword(page, person.password, NEW);
        await expect(page.getByText('Your password is changed. You are logged out everywhere else.')).toBeVisible();
        await expect(page.locator('#current_password')).toHaveValue('');
        await expect(page.locator('#new_password')).toHaveValue('');
        await inspect(page, 'account with a new password');
        await expectLoggedOut(other);
        await open(page, '/account');
        await expect(page).toHaveURL(/\/account$/);
        await mailbox.take(person.email, 'Your password was changed');
    });

    await test.step('one place is logged out from another', async () => {
        await logInThere(other, person.email, NEW);
        await open(page, '/account');
        const places = page.getByTestId('sessions').getByRole('listitem');
        await expect(places).toHaveCount(2);
        await expect(places.first()).toContainText('This browser');
        await expect(places.last()).toContainText('Chrome on Linux');
        await places.last().getByRole('button', { name: 'Log out there' }).click();
        await expect(page.getByText('Logged out there.')).toBeVisible();
        await expect(places).toHaveCount(1);
        await expectLoggedOut(other);
    });

    await test.step('all at once, here as well', async () => {
        await logInThere(other, person.email, NEW);
        await open(page, '/account');
        await page.getByRole('button', { name: 'Log out everywhere', exact: true }).click();
        await page.waitForURL(/\/login\?out=1/);
        await expect(page.getByText('You are logged out everywhere.')).toBeVisible();
        await expectLoggedOut(other);
        await logInThere(page, person.email, NEW);
    });

    await test.step('what the shop knows is taken along', async () => {
        await open(page, '/account');
        const coming = page.waitForEvent('download');
        await page.getByRole('link', { name: 'Download your data' }).click();
        const download = await coming;
        expect(download.suggestedFilename()).toBe('lectern-data.json');
        const text = readFileSync(await download.path(), 'utf8');
        const data = JSON.parse(text);
        expect(data.account).toMatchObject({ email: person.email, name, language: 'en-US' });
        expect(data.library.map((book: { title: string }) => book.title)).toEqual([BOOK.title]);
        expect(data.orders).toHaveLength(1);
        expect(data.logged_in).toHaveLength(1);
        expect(data.history.map((line: { action: string }) => line.action)).toContain('account.renamed');
        for (const secret of [person.password, NEW, 'argon2']) expect(text).not.toContain(secret);
    });

    await test.step('the account is deleted only by who means it', async () => {
        await page.getByRole('link', { name: 'Delete your account' }).click();
        await page.waitForURL(/\/account\/delete$/);
        await settled(page);
        await expect(page.locator('main')).toContainText('Your library with 1 book');
        await expect(page.locator('main')).toContainText('Your 1 order');
        await inspect(page, 'deleting an account');
        await deleteAccount(page, 'somebody.else@example.com');
        await expect(page.locator('#address-error')).toContainText('not your address');
        await deleteAccount(page, person.email);
        await page.waitForURL(/\/login\?deleted=1/);
        await expect(page.getByText('Your account is deleted.')).toBeVisible();
        await expect(page.locator('header')).not.toContainText(name);
        await mailbox.take(person.email, 'Your account is deleted');
    });

    await test.step('it opens no more, and whoever registers anew begins anew', async () => {
        await logIn(page, person.email, NEW);
        await expect(page.getByText('do not match')).toBeVisible();
        await register(page, person);
        await open(page, '/library');
        await expect(page.locator('main')).not.toContainText(BOOK.title);
        await open(page, '/orders');
        await expect(page.getByText('No orders yet')).toBeVisible();
    });
    await elsewhere.close();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('an account is changed and deleted all the same', async ({ page, browser, shop }) => {
        const person = somebody();
        await page.goto('/register');
        await fillRegistration(page, person);
        await page.waitForURL((url) => url.pathname !== '/register');
        await page.goto('/account');
        await page.locator('#name').fill('Ada');
        await page.getByRole('button', { name: 'Change the name' }).click();
        await expect(page.getByText('Your name is changed.')).toBeVisible();
        await expect(page.locator('#name')).toHaveValue('Ada');

        await changePassword(page, 'not the password', NEW);
        await expect(page.locator('#current_password-error')).toContainText('not your password');
        await changePassword(page, person.password, NEW);
        await expect(page.getByText('Your password is changed. You are logged out everywhere else.')).toBeVisible();

        const elsewhere = await browser.newContext({ baseURL: shop.address, javaScriptEnabled: false });
        const other = await elsewhere.newPage();
        await other.goto('/login');
        await other.getByLabel('Email address').fill(person.email);
        await other.locator('#password').fill(NEW);
        await other.locator('main').getByRole('button', { name: 'Log in' }).click();
        await other.waitForURL((url) => url.pathname !== '/login');
        await page.goto('/account');
        await page.getByRole('button', { name: 'Log out there' }).click();
        await expect(page.getByText('Logged out there.')).toBeVisible();
        await other.goto('/account');
        await expect(other).toHaveURL(/\/login\?next=%2Faccount$/);
        await elsewhere.close();

        await page.goto('/account/delete');
        await deleteAccount(page, 'nobody@example.com');
        await expect(page.locator('#address-error')).toContainText('not your address');
        await deleteAccount(page, person.email);
        await expect(page.getByText('Your account is deleted.')).toBeVisible();
        await page.goto('/account');
        await expect(page).toHaveURL(/\/login\?next=%2Faccount$/);
    });
});
