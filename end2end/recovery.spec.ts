import type { Page } from '@playwright/test';
import { expect, open, refused, settled } from './support/journey';
import { linkIn } from './support/mailbox';
import { test } from './support/with-mail';
import { fillRegistration, register, somebody } from './support/shopper';

const NEW = 'eight green bottles';
const STALE = 'This link does not work any more';

test.use({
    expected: {
        'a link that does not work any more': refused('409', '/api/account/(confirm-email|reset-password)'),
        'a password that is too short, or not the right one': refused('422', '/api/account/(reset-password|change-email|login)'),
    },
});

async function logIn(page: Page, email: string, password: string): Promise<void> {
    await open(page, '/login');
    await page.getByLabel('Email address').fill(email);
    await page.locator('#password').fill(password);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
}

async function expectLoggedOut(page: Page): Promise<void> {
    await open(page, '/account');
    await expect(page).toHaveURL(/\/login\?next=%2Faccount$/);
}

test('a listener confirms their address, forgets their password and takes their account back', async ({ page, browser, overhear, shop, mailbox }) => {
    const person = somebody();

    await test.step('the address is confirmed by a link', async () => {
        await register(page, person);
        await open(page, '/account');
        await expect(page.getByTestId('address-state')).toHaveText('Not confirmed yet');
        const link = linkIn(await mailbox.take(person.email, 'Confirm your address'));
        expect(link).toContain(`${shop.address}/verify-email?token=`);
        await open(page, link);
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await expect(page.getByText('Your address is confirmed')).toBeVisible();
        await open(page, '/account');
        await expect(page.getByTestId('address-state')).toHaveText('Confirmed');

        await open(page, link);
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await expect(page.getByText(STALE)).toBeVisible();
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const other = await elsewhere.newPage();
    const words = 'If that address has an account, a mail is on its way to it.';

    await test.step('a link is asked for, and an unknown address gets the same words', async () => {
        const stranger = somebody().email;
        for (const email of [stranger, person.email]) {
            await open(other, '/login');
            await other.getByRole('link', { name: 'Forgot your password?' }).click();
            await other.waitForURL(/\/forgot-password/);
            await settled(other);
            await other.getByLabel('Email address').fill(email);
            await other.getByRole('button', { name: 'Send the link' }).click();
            await expect(other.getByText(words)).toBeVisible();
        }
        await mailbox.take(person.email, 'Choose a new password').then(async (mail) => {
            await open(other, linkIn(mail));
        });
        expect(mailbox.has(stranger), 'a mail to a stranger').toBe(false);
    });

    const link = other.url();
    await test.step('the page of the link tells nobody where it is', async () => {
        const answer = await other.request.get(link);
        expect(answer.headers()['referrer-policy']).toBe('same-origin');
        expect(answer.headers()['cache-control']).toContain('no-store');
    });

    await test.step('a short password is refused, and the link still works', async () => {
        await other.locator('#password').fill('short');
        await other.getByRole('button', { name: 'Change the password' }).click();
        await expect(other.locator('#password-error')).toContainText('at least 12 characters');
        await other.locator('#password').fill(NEW);
        await other.getByRole('button', { name: 'Change the password' }).click();
        await other.waitForURL(/\/login/);
        await expect(other.getByText('Your password is changed')).toBeVisible();
    });

    await test.step('the old session is over, and the new password opens', async () => {
        await expectLoggedOut(page);
        await logIn(page, person.email, person.password);
        await expect(page.getByText('do not match')).toBeVisible();
        await logIn(other, person.email, NEW);
        await other.waitForURL((url) => url.pathname !== '/login');
        const told = await mailbox.take(person.email, 'Your password was changed');
        expect(told.text).toContain(`Hello ${person.name},`);
    });

    await test.step('the link works once', async () => {
        await open(other, link);
        await other.locator('#password').fill('nine green bottles');
        await other.getByRole('button', { name: 'Change the password' }).click();
        await expect(other.getByText(STALE)).toBeVisible();
    });
    await elsewhere.close();
});

test('an account moves to another address when that one is confirmed', async ({ page, mailbox }) => {
    const [person, next] = [somebody(), somebody()];
    await register(page, person);
    await open(page, '/account');

    await test.step('only with the password', async () => {
        await page.getByLabel('New email address').fill(next.email);
        await page.locator('#password').fill('not the password');
        await page.getByRole('button', { name: 'Change the address' }).click();
        await expect(page.locator('#password-error')).toContainText('not your password');
        await expect(page.getByLabel('New email address')).toHaveValue(next.email);
        await page.locator('#password').fill(person.password);
        await page.getByRole('button', { name: 'Change the address' }).click();
        await expect(page.getByText('Your account moves to')).toContainText(next.email);
    });

    await test.step('it can be called off', async () => {
        const link = linkIn(await mailbox.take(next.email, 'Confirm your new address'));
        const told = await mailbox.take(person.email, 'A new address for your account');
        expect(told.text).toContain(next.email);
        await page.getByRole('button', { name: `Keep ${person.email}` }).click();
        await expect(page.getByText('Your account moves to')).toBeHidden();
        await open(page, link);
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await expect(page.getByText(STALE)).toBeVisible();
    });

    await test.step('it moves by the link', async () => {
        await open(page, '/account');
        await page.getByLabel('New email address').fill(next.email);
        await page.locator('#password').fill(person.password);
        await page.getByRole('button', { name: 'Change the address' }).click();
        await open(page, linkIn(await mailbox.take(next.email, 'Confirm your new address')));
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await expect(page.getByText('Your address is confirmed')).toBeVisible();
        await open(page, '/account');
        await expect(page.locator('main')).toContainText(next.email);
        await expect(page.getByTestId('address-state')).toHaveText('Confirmed');
        await mailbox.take(person.email, 'Your account has a new address');
    });
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('an address is confirmed and a password replaced', async ({ page, mailbox }) => {
        const person = somebody();
        await page.goto('/register');
        await fillRegistration(page, person);
        await page.waitForURL((url) => url.pathname !== '/register');
        await page.goto(linkIn(await mailbox.take(person.email, 'Confirm your address')));
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await expect(page.getByText('Your address is confirmed')).toBeVisible();

        await page.goto('/forgot-password');
        await page.getByLabel('Email address').fill(person.email);
        await page.getByRole('button', { name: 'Send the link' }).click();
        await expect(page.getByText('a mail is on its way')).toBeVisible();
        await page.goto(linkIn(await mailbox.take(person.email, 'Choose a new password')));
        await page.locator('#password').fill('short');
        await page.getByRole('button', { name: 'Change the password' }).click();
        await expect(page.locator('#password-error')).toContainText('at least 12 characters');
        await page.locator('#password').fill(NEW);
        await page.getByRole('button', { name: 'Change the password' }).click();
        await expect(page.getByText('Your password is changed')).toBeVisible();
        await page.getByLabel('Email address').fill(person.email);
        await page.locator('#password').fill(NEW);
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.goto('/account');
        await expect(page.getByTestId('address-state')).toHaveText('Confirmed');
    });
});
